import { dayMs } from '../../infra/demo/calendar.ts'

/** What retail worlds do not have, or not often: every field, odd figures, texts that engines may sort differently. */
export function unusualEvents(start: Date): object[] {
  let count = 0
  const event = (hours: number, sent: object) => ({
    id: `unusual-${++count}`,
    source: 'erp/ünusual "quotes" \\',
    time: new Date(start.getTime() + hours * 3_600_000).toISOString(),
    channel: 'web',
    type: 'purchase',
    identifiers: customer(1),
    ...sent,
  })
  const line = (sku: string, more: object = {}) => ({ sku, quantity: 1, price: 9.99, ...more })
  const order = (id: string, more: object = {}) => ({ order: { id, ...more } })
  return [
    event(1, everyField),
    // Nothing but what an event must have.
    event(2, { channel: 'kiosk', type: 'made_up' }),
    event(3, {
      type: 'search',
      query: '',
      location: {},
      campaign: {},
      feedback: {},
      items: [],
      consents: [],
    }),
    // Of one moment: the purchase comes after the rest, what is given back last; then by the bytes of source and id.
    ...['\uE000', '🎁', 'é', 'e', 'Z', 'a'].map((id) => event(30, { id, type: 'view_item', source: 'same' })),
    event(30, { ...order('O-same', { total: 10 }), id: '\uFFFD', source: 'same' }),
    event(30, { type: 'refund', ...order('O-same', { refundId: 'F-same', total: 3 }), source: 'same' }),
    // Figures with all decimals, and lines that do not add up to the total.
    event(40, {
      ...order('O-odd', { total: 20.389999999999997, tax: 3.2555, shipping: 4.9 }),
      items: oddLines,
    }),
    event(41, { type: 'refund', ...order('O-odd', { refundId: 'F-odd' }), items: [oddLines[0]] }),
    event(42, { type: 'refund', ...order('O-odd', { refundId: 'F-odd', total: 999 }) }),
    event(43, { type: 'refund', ...order('O-odd', { total: 0.0001 }) }),
    event(44, { type: 'cancellation', ...order('O-odd') }),
    // Amounts at the edge of what a column holds.
    event(50, { ...order('O-large', { total: 9_999_999_999, currency: 'JPY' }), items: [line('large')] }),
    event(51, order('O-nothing')),
    event(52, { ...order('O-free', { total: 0 }), items: [line('free', { price: 0 })] }),
    event(53, { items: [line('no order', { quantity: 0.001, price: 0.0005 })] }),
    // Given back in lines, in another currency, of an order that nobody knows.
    event(60, {
      ...order('O-back', { currency: 'GBP' }),
      items: [line('b'), line('b'), line('c', { quantity: -1 })],
    }),
    event(61, {
      type: 'refund',
      ...order('O-back', { currency: 'GBP' }),
      items: [line('b', { quantity: 2 })],
    }),
    event(62, { type: 'refund', ...order('O-back', { total: 1, currency: 'EUR' }) }),
    event(63, { type: 'refund', ...order('O-unknown', { total: 5 }) }),
    event(64, { type: 'cancellation', items: [line('x')] }),
    // The same order reported by two systems, the later one first; by another person; by nobody.
    event(70, { ...order('O-twice', { total: 50 }), channel: 'app', source: 'app' }),
    event(69, { ...order('O-twice', { fulfilment: 'pickup' }), source: 'web' }),
    event(71, { ...order('O-twice', { total: 50 }), identifiers: customer(2) }),
    event(72, { ...order('O-twice', { total: 50 }), identifiers: [], channel: 'store' }),
    event(73, { type: 'refund', ...order('O-twice', { total: 7.5 }), identifiers: [], channel: 'store' }),
    event(74, { ...order('O-test', { total: 1_000 }), test: true }),
    event(75, { type: 'view_item', test: true }),
    // Seen but not touched, then half an hour in which a campaign still counts.
    event(80, { channel: 'ad', type: 'ad_impression', campaign: { id: 'spring' }, identifiers: customer(3) }),
    event(81, { channel: 'email', type: 'email_sent', campaign: { id: 'spring' }, identifiers: customer(3) }),
    event(82, { type: 'page_view', campaign: cheap, identifiers: customer(3) }),
    event(82.5, { type: 'view_item', identifiers: customer(3) }),
    event(82.51, { type: 'view_item', identifiers: customer(3) }),
    event(83, { ...order('O-late', { total: 33.33 }), identifiers: customer(3) }),
    ...['granted', 'denied', 'revoked'].map((status, at) =>
      event(84 + at, {
        type: 'consent_change',
        consents: [{ purpose: 'ads', status }],
        identifiers: customer(3),
      }),
    ),
    // Long ago, and before all clocks of computers.
    event(-30 * 24, { type: 'view_item', identifiers: customer(4) }),
    event(-30 * 24, { ...order('O-old', { total: 12.34 }), identifiers: customer(4) }),
    event((Date.UTC(1969, 6, 20, 20, 17, 40, 1) - start.getTime()) / 3_600_000, { identifiers: customer(4) }),
    event((Date.UTC(2001, 1, 3) - start.getTime()) / 3_600_000, {
      ...order('O-2001', { total: 1 }),
      identifiers: [],
    }),
    // Profiles that look like something else.
    event(90, { type: 'sign_up', profile: oddProfile, identifiers: customer(6) }),
    event(91, { type: 'login', profile: { nick: 'later', ä: 1, a: 2, Z: -3 }, identifiers: customer(6) }),
    event(92, { type: 'login', profile: {}, identifiers: customer(6) }),
    event(93, { type: 'login', profile: {}, identifiers: customer(7) }),
    // An order at each end of a day, by two clocks.
    ...[0, dayMs - 1].map((ms) =>
      event(0, {
        ...order(`O-day-${ms}`, { total: 2.5 }),
        time: `${new Date(start.getTime() + 20 * dayMs + ms).toISOString().slice(0, -1)}-11:30`,
        identifiers: customer(5),
      }),
    ),
  ]
}

const customer = (number: number) => [{ type: 'customer_id', value: `unusual-${number}` }]

const cheap = { id: 'spring', source: 'google', medium: 'cpc', term: 'günstig', content: "it's" }

const oddProfile = {
  nick: 'a "b" \\ {c}, "d":"e" [1]',
  'k"\\ey,:{': 'ü🎁\n\u0001',
  ...{ small: 1.5e-7, large: 1e21, yes: true, none: null, '': '' },
}

const oddLines = [
  { sku: 'odd-1', quantity: 3, price: 0.3333, tax: 0.1597 },
  { sku: 'odd-2', quantity: 0.125, price: 12.3457, discount: 0.0001 },
  { sku: 'odd-1', quantity: 2, amount: 17.4999, price: 8.75 },
]

const everyField = {
  channel: 'store',
  type: 'purchase',
  identifiers: customer(1),
  sessionId: 's-1',
  items: [
    {
      ...{ sku: '22916', productId: '22910', name: 'Nachtlicht „Mond“', variant: 'gelb', brand: "O'Neill" },
      ...{ category: 'Home/Lighting', quantity: 2, price: 0.42, amount: 0.84, discount: 0.1, tax: 0.13 },
      promotion: '2 für 1',
    },
  ],
  order: {
    ...{ id: 'R-123', total: 0.84, tax: 0.13, shipping: 0, discount: 0.2, currency: 'EUR' },
    ...{ fulfilment: 'in_store', coupon: 'WILLKOMMEN' },
  },
  campaign: { id: 'xmas-26', source: 'newsletter', medium: 'email', content: 'a', term: 't' },
  location: {
    ...{ storeId: 'B-MITTE', zone: 'toys', page: 'https://shop.example/p?q=1', country: 'DE' },
    referrer: 'https://www.google.com/#x',
  },
  dwellSeconds: 61.5,
  query: 'night light; drop table',
  feedback: { nps: 10, rating: 4.5, sentiment: -0.25, text: 'gut\n\t"sehr" 👍' },
  consents: [
    { purpose: 'ads', status: 'granted' },
    { purpose: 'analytics', status: 'denied' },
  ],
  profile: { loyaltyTier: 'gold', language: 'de' },
  properties: { nested: [1, { deep: null }], text: '{"}' },
}
