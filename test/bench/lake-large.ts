import type { Trino } from '../trino/client.ts'

type LargeLake = { touchpoints: number; days: number; lastDay: Date }

/** Touchpoints; the last of some visits is a purchase. */
const perVisit = 4
const purchaseShare = 0.24
const refundShare = 0.05
const refundDays = 10
/** Of five nodes two belong to one person. */
const visitsPerNode = 2
/** In one insert: each day has a file open. */
const daysAtOnce = 30

const dayMs = 86_400_000

/**
 * Made-up rows of a retailer with many visits every day, made where they are stored: `touchpoint_log`, `identity_map`,
 * `journey_log`. A visit is a journey.
 */
export async function fillLargeLake(trino: Trino, lake: LargeLake, onInserted: (what: string) => void) {
  const perDay = Math.round(lake.touchpoints / lake.days / perVisit)
  const visits = perDay * lake.days
  const shape = { perDay, nodes: Math.ceil(visits / visitsPerNode), lake }
  await trino.query(`insert into identity_map ${identityRows(shape)}`)
  onInserted(`${shape.nodes} nodes`)
  for (let day = 0; day < lake.days; day += daysAtOnce) {
    const days = { from: day, to: Math.min(lake.days, day + daysAtOnce) - 1 }
    await trino.query(`insert into touchpoint_log ${touchpointRows(shape, days)}`)
    await trino.query(`insert into journey_log ${journeyRows(shape, days)}`)
    onInserted(`${((days.to + 1) / lake.days).toLocaleString('en', { style: 'percent' })} of the days`)
  }
  await trino.query(`insert into touchpoint_log ${refundRows(lake)}`)
  onInserted('refunds')
}

type Shape = { perDay: number; nodes: number; lake: LargeLake }
type Days = { from: number; to: number }

const styles = ['linen lamp', 'oak shelf', 'amber vase', 'cotton blanket', 'garden kettle']
const categories = ['Home/Lighting', 'Home/Textiles', 'Kitchen/Pots', 'Garden/Furniture', 'Fashion/Scarves']
const zones = ['lamps', 'pots', 'garden', 'scarves']
const queries = ['oak lamp', 'kettle', 'amber', 'scarf']

const hexText = (number: string) => `lower(to_hex(to_big_endian_64(${number})))`
/** @param divisor takes other digits of the row's random number for other columns */
const oneOf = (words: readonly string[], divisor: number) =>
  `element_at(array['${words.join("', '")}'], cast(h / ${divisor} % ${words.length} as integer) + 1)`
const nodeText = (number: string) => `'0mws1ib' || lpad(cast(${number} as varchar), 13, '0')`
const personText = (number: string) =>
  nodeText(`(case when ${number} % 5 = 4 then ${number} - 1 else ${number} end)`)

function dayText({ lastDay, days }: LargeLake, day: number): string {
  const time = new Date(lastDay.getTime() + (day + 1 - days) * dayMs)
  return `timestamp '${time.toISOString().slice(0, 10)} 00:00:00.000000'`
}

/** Random figures of a number, the same every time. */
const hash = (number: string, salt: string) =>
  `bitwise_and(from_big_endian_64(xxhash64(to_big_endian_64(${number} * 16 + ${salt}))), 9223372036854775807)`

function visitRows({ perDay, nodes, lake }: Shape, { from, to }: Days): string {
  const thousands = Math.ceil(perDay / 1_000)
  return `select *, visit * 7919 % ${nodes} as node, visit_hash % 1000 < ${purchaseShare * 1000} as buys,
      case when visit_hash / 1000 % 100 < 55 then 'web' when visit_hash / 1000 % 100 < 70 then 'app'
        when visit_hash / 1000 % 100 < 80 then 'email' else 'store' end as channel,
      ${dayText(lake, 0)} + day * interval '1' day + visit_hash / 100000 % 86000 * interval '1' second as began
    from (
      select *, ${hash('visit', '15')} as visit_hash
      from (
        select day, cast(day as bigint) * ${perDay} + thousand * 1000 + one as visit
        from unnest(sequence(${from}, ${to})) as d (day)
        cross join unnest(sequence(0, ${thousands - 1})) as t (thousand)
        cross join unnest(sequence(0, 999)) as o (one)
        where thousand * 1000 + one < ${perDay}
      )
    )`
}

function touchpointRows(shape: Shape, days: Days): string {
  const item = (at: number) => `cast(row(
      cast(20000 + h / ${7 + at} % 800 as varchar) || '-' || cast(h / 11 % 3 as varchar),
      cast(20000 + h / ${7 + at} % 800 as varchar),
      ${oneOf(styles, 7 + at)},
      null,
      ${oneOf(categories, 7 + at)},
      'Brand ' || cast(h / ${7 + at} % 40 as varchar), ${at}, ${price(at)}, null, null, null, null
    ) as row(sku varchar, product_id varchar, name varchar, variant varchar, category varchar, brand varchar,
      quantity decimal(18, 3), price decimal(18, 4), amount decimal(18, 4), discount decimal(18, 4),
      tax decimal(18, 4), promotion varchar))`
  return `
    select 'e-' || ${hexText('h')},
      case when channel = 'store' then 'pos/store-' || cast(visit_hash / 7 % 60 as varchar) else channel || '/shop' end,
      event_time, event_time + interval '1' hour, event_time + interval '2' second, channel, type,
      case type when 'purchase' then 'purchase' when 'add_to_cart' then 'intent' else 'consideration' end,
      ${nodeText('node')},
      case when channel in ('web', 'app') then 's-' || ${hexText('visit_hash')} end,
      case when type = 'purchase' then 'R-' || cast(visit as varchar) end, null,
      case when type = 'purchase' then ${price(1)} + 2 * ${price(2)} end,
      case when type = 'purchase' then cast(0.16 * (${price(1)} + 2 * ${price(2)}) as decimal(18, 4)) end, null, null,
      case when type = 'purchase' then 'EUR' end,
      case when type <> 'purchase' then null when channel = 'store' then 'in_store'
        when h % 3 = 0 then 'pickup' else 'ship' end,
      null,
      case when is_campaign then 'autumn-' || cast(visit_hash / 13 % 30 as varchar) end,
      case when is_campaign then 'newsletter' end, case when is_campaign then 'email' end, null, null,
      case when channel = 'store' then 'S-' || cast(visit_hash / 7 % 60 as varchar) end,
      case when channel = 'store' then ${oneOf(zones, 5)} end,
      case when channel in ('web', 'app') then 'https://shop.example/home/' || cast(h / 17 % 800 as varchar) end,
      case when channel = 'web' then 'https://search.example/' end, 'DE',
      case when type = 'zone_dwell' then cast(5 + h / 19 % 120 as double) end,
      case when type = 'search' then ${oneOf(queries, 23)} end,
      null, null, null, null, null,
      case when type = 'purchase' then array[${item(1)}, ${item(2)}]
        when type in ('view_item', 'add_to_cart') then array[${item(1)}] end,
      null, null, false,
      case when is_campaign then 'email' when channel = 'web' and step = 0 then 'organic_search' end
    from (
      select *, channel = 'email' or visit_hash / 29 % 100 < 15 as is_campaign,
        began + step * interval '47' second as event_time, ${hash('visit', 'step')} as h,
        case
          when step = ${perVisit - 1} and buys then 'purchase'
          when step = 0
            then case channel when 'email' then 'email_click' when 'store' then 'store_enter' else 'page_view' end
          when channel = 'store' then case when visit_hash / 31 % 2 = 0 then 'zone_dwell' else 'scan_item' end
          when step = 1 then case when visit_hash / 31 % 2 = 0 then 'search' else 'view_item_list' end
          when step = 2 then 'view_item'
          else case when visit_hash / 37 % 2 = 0 then 'add_to_cart' else 'view_item' end
        end as type
      from (${visitRows(shape, days)})
      cross join unnest(sequence(0, ${perVisit - 1})) as s (step)
    )`
}

const price = (at: number) => `cast(100 + h / ${7 + at} % 800 * 37 % 9900 as decimal(18, 4)) / 100`

function refundRows(lake: LargeLake): string {
  const later = `interval '${refundDays}' day`
  const random = 'bitwise_and(from_big_endian_64(xxhash64(to_utf8(event_id))), 1048575)'
  return `
    select event_id || '-r', source, event_time + ${later}, local_time + ${later}, received_at + ${later},
       channel, 'refund', 'after_sales', node_id, null, order_id, 'G-' || order_id,
      order_total, null, null, null, currency, null, null, null, null, null, null, null, store_id, null, null, null,
      country, null, null, null, null, null, null, null, null, null, null, false, null
    from touchpoint_log
    where type = 'purchase' and event_time < ${dayText(lake, lake.days - refundDays)}
      and ${random} < ${Math.round(refundShare * 1_048_576)}`
}

function identityRows({ nodes, lake }: Shape): string {
  return `
    select ${nodeText('node')}, ${personText('node')}, 'person',
      case when node % 3 = 0 then 'C-' || cast(node as varchar) end,
      case when node % 4 = 0 then 'L-' || cast(node as varchar) end,
      case when node % 10 = 0 then ${nodeText('node')} end, 1 + node % 5, ${dayText(lake, 0)}
    from (
      select cast(thousand as bigint) * 1000 + one as node
      from unnest(sequence(0, ${Math.ceil(nodes / 1000) - 1})) as t (thousand)
      cross join unnest(sequence(0, 999)) as o (one)
      where thousand * 1000 + one < ${nodes}
    )`
}

/** Without their steps: no view reads them. */
function journeyRows(shape: Shape, days: Days): string {
  const last = `began + ${perVisit - 1} * interval '47' second`
  const epoch = "timestamp '1970-01-01 00:00:00'"
  const key = (time: string, rank: number) =>
    `cast(date_diff('millisecond', ${epoch}, ${time}) + 100000000000000 as varchar) || '#${rank}#'
      || channel || '/shop' || chr(1) || 'e-' || ${hexText('visit_hash')}`
  return `
    select 'j-' || ${hexText('visit_hash')}, ${personText('node')}, began, ${last},
      case when buys then ${last} end, ${last}, case when buys then ${(perVisit - 1) * 47} / 3600e0 end,
      case when buys then 'purchase' else 'intent' end, array[channel], channel, channel, null, channel, channel, null,
      case when buys then channel end, null, cast(array[] as array(varchar)), ${perVisit},
      case when buys then ${personText('node')} || '/R-' || cast(visit as varchar) end,
      case when buys then 'EUR' end, cast(case when buys then 50 else 0 end as decimal(18, 4)),
      cast(case when buys then 50 else 0 end as decimal(18, 4)), case when buys then true end, null, null, null, 0,
      visit, ${last} + interval '1' minute, null, ${key('began', 0)},
      case when buys then ${key(last, 1)} end, false
    from (${visitRows(shape, days)})`
}
