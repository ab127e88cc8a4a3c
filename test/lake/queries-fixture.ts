import { microseconds, type Row } from '../../functions/lake/row.ts'
import type { Told } from './journey-events.ts'
import { folded, identityRow, touchpointRowOf } from './journey-truth.ts'

const dayMs = 86_400_000
const now = new Date()

/** Ten in the morning so many days ago. */
export const daysAgo = (days: number, hours = 0): Date =>
  new Date((Math.floor(now.getTime() / dayMs) - days) * dayMs + (10 + hours) * 3_600_000)

let made = 0

function told(nodeId: string, time: Date, channel: string, type: string, more: object = {}): Told {
  const id = String(++made).padStart(6, '0')
  return {
    id,
    source: 'shop',
    time: time.toISOString(),
    channel,
    type,
    nodeId,
    fingerprint: `f${id}`,
    ...more,
  }
}

const lamps = (quantity: number) => ({
  sku: 'lamp',
  name: 'Lamp',
  category: 'Home/Lighting',
  quantity,
  price: 20,
})
const pots = (quantity: number) => ({
  sku: 'pot',
  name: 'Pot',
  category: 'Kitchen/Pots',
  quantity,
  price: 15,
})
const inStore = { location: { storeId: 'B' } }
const spring = { id: 'spring', source: 'google', medium: 'cpc' }
const ads = (status: string) => ({ consents: [{ purpose: 'ads', status }] })
const order = (id: string, more: object = {}) => ({ order: { id, ...more } })

/** Looked online and bought in a store, then the other way round; gave a lamp back. */
const anna = [
  told('anna', daysAgo(40), 'web', 'view_item', { campaign: spring, items: [lamps(1)] }),
  told('anna', daysAgo(39), 'web', 'add_to_cart', { items: [lamps(2)] }),
  told('anna', daysAgo(38), 'store', 'purchase', { ...order('O1'), items: [lamps(2)], ...inStore }),
  told('anna', daysAgo(37), 'store', 'refund', { ...order('O1'), items: [lamps(1)], ...inStore }),
  told('anna', daysAgo(20), 'store', 'scan_item', { items: [pots(1)], ...inStore }),
  told('anna', daysAgo(19), 'web', 'purchase', {
    ...order('O2', { fulfilment: 'pickup' }),
    items: [pots(1)],
  }),
  told('anna', daysAgo(18), 'email', 'feedback', { feedback: { nps: 9 } }),
]

/** Left a cart, and came back just now. */
const ben = [
  told('ben', daysAgo(50), 'web', 'view_item', ads('denied')),
  told('ben', daysAgo(50, 1), 'web', 'add_to_cart', { items: [pots(1)] }),
  told('ben', daysAgo(5), 'web', 'page_view'),
]

/** Bought in a store, complained, and gave something back that was bought before anybody knew her. */
const cleo = [
  told('cleo', daysAgo(10), 'store', 'store_enter', { ...inStore, dwellSeconds: 30, ...ads('granted') }),
  told('cleo', daysAgo(10, 1), 'store', 'purchase', { ...order('O3'), items: [pots(4)], ...inStore }),
  told('cleo', daysAgo(9), 'call_center', 'complaint', { feedback: { nps: 3 } }),
  told('cleo', daysAgo(2), 'store', 'refund', { ...order('unknown', { total: 5 }), ...inStore }),
]

const nobody = [
  told('', daysAgo(3), 'store', 'purchase', { ...order('N1'), items: [lamps(1)], ...inStore }),
  told('', daysAgo(3, 1), 'store', 'purchase', { test: true, items: [lamps(100)], ...inStore }),
]

const persons = [
  ['anna', anna],
  ['ben', ben],
  ['cleo', cleo],
] as const

/** Journeys as they were told 36 days ago, and as they are. */
const journeyRows = persons.flatMap(([personId, events]) => {
  const then = daysAgo(36)
  const before = events.filter(({ time }) => Date.parse(time) < then.getTime())
  return [...folded(before, { personId }, then).rows(1), ...folded(events, { personId }, now).rows(2)]
})

const campaignRow = {
  ...{
    campaign_id: 'spring',
    name: 'Spring',
    channel: 'ad',
    starts_on: null,
    ends_on: null,
    currency: 'EUR',
  },
  ...{ target_conversions: null, target_revenue: null, target_roas: null, holdout_share: null },
  costs: [
    { day: Math.floor(daysAgo(40).getTime() / dayMs), amount: '6.0000' },
    { day: Math.floor(daysAgo(39).getTime() / dayMs), amount: '4.0000' },
  ],
  ...{ version: 1, changed_at: microseconds(now), is_gone: false },
}

const quarantineRow = {
  ...{ id: 'Q1', reason: 'invalid_event', detail: 'no type', event_id: 'x', source: 'shop' },
  ...{ received_at: microseconds(daysAgo(1)), shard_id: null, sequence_number: null },
}

/** What a small shop's lake holds. */
export const fixture: readonly Row[] = [
  ...[...anna, ...ben, ...cleo, ...nobody].map((event) => touchpointRowOf(event)),
  identityRow({ node_id: 'anna', person_id: 'anna', household_id: 'h' }),
  identityRow({ node_id: 'ben', person_id: 'ben', household_id: 'h' }),
  identityRow({ node_id: 'cleo', person_id: 'cleo' }),
  ...journeyRows,
  campaignRow,
  quarantineRow,
  // Delivered again.
  quarantineRow,
]
