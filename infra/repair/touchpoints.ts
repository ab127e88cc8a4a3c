import { eventUnits, toUnits, type Units } from '../../functions/journey/money.ts'
import { toTouch } from '../../functions/journey/touch.ts'
import { moneyText, type Row } from '../../functions/lake/row.ts'
import { touchpointRow } from '../../functions/lake/touchpoint-row.ts'
import { type Item, textOf } from '../../functions/store/dynamodb.ts'
import { parseTouchpoint, type StoredTouchpoint } from '../../functions/store/touchpoints.ts'
import type { Comparison, Telling } from './check.ts'
import { lakeRows, millisecondsOf } from './lake-rows.ts'
import type { Places } from './places.ts'
import { itemsOf } from './stored-items.ts'

type Day = { count: number; totals: Units }
type Days = Map<string, Day>

const whose = { persons: 'N#', nobody: 'X#' } as const

/** Every touchpoint once; in the lake there may be more, that have expired in the table. */
export async function compareTouchpoints(places: Places, telling: Telling): Promise<Comparison> {
  const lines = []
  const short: { pk: string; days: Set<string> }[] = []
  for (const [name, pk] of Object.entries(whose)) {
    const [stored, inLake] = [await storedDays(pk, places, telling), await lakeDays(pk, places)]
    const differing = [...stored].filter(([day, { count, totals }]) => {
      const there = inLake.get(day) ?? nothing
      return there.count < count || (there.count === count && there.totals !== totals)
    })
    const missing = differing.reduce(
      (sum, [day, { count }]) => sum + Math.max(count - (inLake.get(day)?.count ?? 0), 1),
      0,
    )
    short.push({ pk, days: new Set(differing.map(([day]) => day)) })
    const [all, there] = [sumOf(stored), sumOf(inLake)]
    lines.push({
      what: `touchpoints of ${name}`,
      stored: `${all.count}`,
      inLake: `${there.count}`,
      wrong: missing,
    })
    const totals = { stored: moneyText(all.totals), inLake: moneyText(there.totals) }
    lines.push({ what: `  Σ order_total`, ...totals, wrong: 0 })
  }
  return {
    lines,
    async *repairs() {
      for (const { pk, days } of short) if (days.size > 0) yield* missingRows({ pk, days }, places, telling)
    },
  }
}

const nothing: Day = { count: 0, totals: 0n }

function sumOf(days: Days): Day {
  return [...days.values()].reduce(
    (sum, { count, totals }) => ({ count: sum.count + count, totals: sum.totals + totals }),
    nothing,
  )
}

function add(days: Days, day: string, { count, totals }: Day): void {
  const before = days.get(day) ?? nothing
  days.set(day, { count: before.count + count, totals: before.totals + totals })
}

async function storedDays(pk: string, { touchpoints }: Places, telling: Telling): Promise<Days> {
  const days: Days = new Map()
  for await (const items of itemsOf(touchpoints, { pk, sk: 'T#' }, telling)) {
    for (const item of items) {
      const touchpoint = parseTouchpoint(item)
      add(days, dayOf(touchpoint), { count: 1, totals: totalOf(touchpoint) })
    }
  }
  return days
}

const dayOf = ({ time }: StoredTouchpoint): string => time.slice(0, '0000-00-00'.length)

/** As the column order_total has it. */
function totalOf(touchpoint: StoredTouchpoint): Units {
  const total = toTouch(touchpoint).order?.total
  const units = total === undefined ? 0n : (eventUnits({ order: { total } }) ?? 0n)
  return toUnits(Number(moneyText(units)))
}

async function lakeDays(pk: string, places: Places): Promise<Days> {
  const sql = `select cast(cast(event_time as date) as varchar), count(*), sum(order_total)
    from (
      select event_time, order_total, row_number() over (
        partition by node_id, source, event_id, event_time order by received_at
      ) as report
      from touchpoint_log
      where node_id is ${pk === whose.nobody ? 'null' : 'not null'}
    )
    where report = 1
    group by cast(event_time as date)`
  const days: Days = new Map()
  for await (const [day = '', count, totals] of lakeRows(sql, places))
    add(days, day, { count: Number(count), totals: totals ? toUnits(Number(totals)) : 0n })
  return days
}

async function* missingRows(
  { pk, days }: { pk: string; days: ReadonlySet<string> },
  places: Places,
  telling: Telling,
): AsyncGenerator<Row[]> {
  const known = await lakeKeys(pk, days, places)
  for await (const items of itemsOf(places.touchpoints, { pk, sk: 'T#' }, telling)) {
    const missing = items.filter((item) => {
      const touchpoint = parseTouchpoint(item)
      return days.has(dayOf(touchpoint)) && !known.has(keyOf(nodeOf(item), touchpoint))
    })
    // When it was stored is not known any more; that the lake knows of it, it does from now on.
    const receivedAt = new Date()
    const { model } = places.rules
    yield missing.map((item) =>
      touchpointRow(parseTouchpoint(item), { nodeId: nodeOf(item), receivedAt, model }),
    )
  }
}

function nodeOf(item: Item): string | null {
  const pk = textOf(item, 'pk')
  return pk.startsWith(whose.persons) ? pk.slice(whose.persons.length) : null
}

type Key = Pick<StoredTouchpoint, 'source' | 'id' | 'time'>
const keyOf = (nodeId: string | null, { source, id, time }: Key): string =>
  JSON.stringify([nodeId ?? '', source, id, Date.parse(time)])

async function lakeKeys(pk: string, days: ReadonlySet<string>, places: Places): Promise<Set<string>> {
  const keys = new Set<string>()
  for (const day of days) {
    const sql = `select distinct node_id, source, event_id, event_time
      from touchpoint_log
      where event_time >= timestamp '${day} 00:00:00' and event_time < timestamp '${day} 00:00:00' + interval '1' day
        and node_id is ${pk === whose.nobody ? 'null' : 'not null'}`
    for await (const [nodeId = '', source = '', id = '', at = ''] of lakeRows(sql, places)) {
      const time = new Date(millisecondsOf(at)).toISOString()
      keys.add(keyOf(nodeId === '' ? null : nodeId, { source, id, time }))
    }
  }
  return keys
}
