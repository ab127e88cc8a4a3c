import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bytesOf, decodeOne, sent } from './decoding.ts'
import { kplRecord } from './kpl-record.ts'

function lines(count: number) {
  return Array.from({ length: count }, () => ({ sku: 'a' }))
}

const damaged = kplRecord([bytesOf(sent())])
damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1

const rejections: [name: string, content: unknown, reason: string, detail: string | RegExp][] = [
  ['an empty record', '', 'invalid_json', 'the record is empty'],
  ['blanks', ' \n', 'invalid_json', 'the record is empty'],
  ['text that is not JSON', 'hello', 'invalid_json', 'the record is not JSON'],
  ['JSON that is cut off', '{"id":"1"', 'invalid_json', /^the record is not JSON/],
  [
    'a misplaced comma',
    '{"id":"1",}',
    'invalid_json',
    'the record is not JSON: unexpected character at position 10',
  ],
  ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'invalid_json', 'the record is not UTF-8'],
  ['half a character', '{"id":"\\ud83d"}', 'invalid_json', /lone surrogate/],
  ['halves in the wrong order', '{"id":"\\ude00\\ud83d"}', 'invalid_json', /lone surrogate/],
  [
    'gzip that is cut off',
    gzipSync(bytesOf(sent())).subarray(0, 40),
    'invalid_json',
    'the gzip data end too early',
  ],
  [
    'damaged gzip',
    Buffer.concat([gzipSync('{}').subarray(0, 10), Buffer.alloc(20, 0xff)]),
    'invalid_json',
    'the gzip data are damaged',
  ],
  ['gzip of nothing', gzipSync(''), 'invalid_json', 'the record is empty'],
  ['gzip within gzip', gzipSync(gzipSync(bytesOf(sent()))), 'invalid_json', 'the record is not UTF-8'],
  ['a wrong checksum', damaged, 'invalid_json', /its checksum or structure is wrong/],
  ['an aggregated record of nothing', kplRecord([]), 'invalid_json', 'the aggregated record is empty'],
  ['only the magic number', damaged.subarray(0, 4), 'invalid_json', /its checksum or structure is wrong/],
  ['257 KiB', sent({ query: 'x'.repeat(257 * 1024) }), 'too_large', /^it has 263\d{3} bytes; at most 262144/],
  [
    '257 KiB once unpacked',
    gzipSync(bytesOf(sent({ query: 'x'.repeat(257 * 1024) }))),
    'too_large',
    /^it has 263/,
  ],
  ['too much that is not JSON', 'x'.repeat(262_145), 'too_large', /^it has 262145 bytes/],
  [
    'a gzip bomb',
    gzipSync(Buffer.alloc(64 << 20, 0x20)),
    'too_large',
    'it unpacks to more than 10485760 bytes',
  ],
  [
    'a list',
    [sent()],
    'invalid_event',
    'the event is a list of 1; it must be an object with the fields of an event',
  ],
  ['a number', '7', 'invalid_event', /^the event is a number/],
  ['null', 'null', 'invalid_event', /^the event is null/],
  [
    'no id',
    sent({ id: undefined }),
    'invalid_event',
    'id is missing; it must be a string of 1 to 400 bytes without control characters',
  ],
  ['a number as id', sent({ id: 7 }), 'invalid_event', /^id is a number; it must be a string/],
  ['an empty id', sent({ id: '' }), 'invalid_event', /^id is an empty string/],
  ['an id of 401 bytes', sent({ id: 'x'.repeat(401) }), 'invalid_event', /^id is a string of 401 bytes/],
  [
    'an id of 201 characters and 402 bytes',
    sent({ id: 'ü'.repeat(201) }),
    'invalid_event',
    /^id is a string of 402 bytes/,
  ],
  [
    'a control character in the source',
    sent({ source: 'a\u0085' }),
    'invalid_event',
    /^source is a string of 3 bytes; .* control/,
  ],
  ['a type of 101 bytes', sent({ type: 'x'.repeat(101) }), 'invalid_event', /^type is/],
  [
    'an unknown channel',
    sent({ channel: 'shop' }),
    'invalid_event',
    /^channel is "shop"; it must be one of store, web/,
  ],
  [
    'a time without offset',
    sent({ time: '2026-11-22T10:15:00' }),
    'invalid_event',
    /^time is "2026-11-22T10:15:00"; it must be a date and time with offset/,
  ],
  ['30 February', sent({ time: '2026-02-30T10:15:00Z' }), 'invalid_event', /^time is "2026-02-30/],
  ['null for a field', sent({ sessionId: null }), 'invalid_event', 'sessionId is null; it must be a string'],
  [
    'an unknown field',
    sent({ chanel: 'web' }),
    'invalid_event',
    'chanel is not a known field; did you mean channel?',
  ],
  [
    'a misspelt field of the order',
    sent({ order: { totl: 1 } }),
    'invalid_event',
    'order.totl is not a known field; did you mean total?',
  ],
  [
    'a field misspelt three levels deep',
    sent({ items: [{ sku: 'a' }, { sku: 'b', quantitiy: 1 }] }),
    'invalid_event',
    'items[1].quantitiy is not a known field; did you mean quantity?',
  ],
  [
    'a field of another case',
    sent({ items: [{ sku: 'a', product_id: 'b' }] }),
    'invalid_event',
    /did you mean productId\?$/,
  ],
  ['a field like nothing known', sent({ zzzzzz: 1 }), 'invalid_event', 'zzzzzz is not a known field'],
  ['__proto__ as a field', '{"__proto__":{"id":"1"}}', 'invalid_event', /^id is missing/],
  [
    '2,001 items',
    sent({ items: lines(2001) }),
    'invalid_event',
    'items is a list of 2001; it must be a list of at most 2000 items',
  ],
  ['an item without sku', sent({ items: [{ name: 'a' }] }), 'invalid_event', /^items\[0\]\.sku is missing/],
  [
    'quantity 0',
    sent({ items: [{ sku: 'a', quantity: 0 }] }),
    'invalid_event',
    'items[0].quantity is 0; it must be a number other than 0 with at most 3 decimals',
  ],
  [
    '4 decimals of a quantity',
    sent({ items: [{ sku: 'a', quantity: 0.0001 }] }),
    'invalid_event',
    /^items\[0\]\.quantity is 0\.0001/,
  ],
  [
    '5 decimals of a price',
    sent({ items: [{ sku: 'a', price: 0.00001 }] }),
    'invalid_event',
    /^items\[0\]\.price is 0\.00001/,
  ],
  [
    'a negative price',
    sent({ items: [{ sku: 'a', price: -1 }] }),
    'invalid_event',
    /^items\[0\]\.price is -1; it must be a number of at least 0/,
  ],
  [
    'a figure as text',
    sent({ items: [{ sku: 'a', price: '1,5' }] }),
    'invalid_event',
    /^items\[0\]\.price is "1,5"; it must be a number/,
  ],
  [
    'an amount of the other sign',
    sent({ items: [{ sku: 'a', quantity: -1, amount: 2 }] }),
    'invalid_event',
    'items[0].amount is 2; it must be of the same sign as quantity',
  ],
  [
    'a number beyond all numbers',
    `{"id":"1","source":"a","time":"2026-11-22T10:15:00Z","channel":"web","type":"purchase","order":{"total":1e999}}`,
    'invalid_event',
    /^order\.total is Infinity/,
  ],
  [
    'more money than there is',
    sent({ order: { total: 1e14 } }),
    'invalid_event',
    /^order\.total is 100000000000000/,
  ],
  [
    'lines that multiply to too much',
    sent({ items: [{ sku: 'a', quantity: 1e8, price: 1e8 }] }),
    'invalid_event',
    /worth less than/,
  ],
  [
    'a negative refund',
    sent({ type: 'refund', order: { total: -1 } }),
    'invalid_event',
    /^order\.total is -1; it must be positive/,
  ],
  [
    'negative lines in a cancellation',
    sent({ type: 'cancellation', items: [{ sku: 'a', quantity: -1 }] }),
    'invalid_event',
    /^items\[0\]\.quantity is -1; it must be positive/,
  ],
  [
    'a currency in small letters',
    sent({ order: { currency: 'eur' } }),
    'invalid_event',
    /^order\.currency is "eur"/,
  ],
  [
    'an unknown fulfilment',
    sent({ order: { fulfilment: 'drone' } }),
    'invalid_event',
    /^order\.fulfilment is "drone"; it must be one of in_store, ship, pickup/,
  ],
  ['an empty order number', sent({ order: { id: '' } }), 'invalid_event', /^order\.id is an empty string/],
  [
    'a country by name',
    sent({ location: { country: 'Germany' } }),
    'invalid_event',
    /^location\.country is "Germany"/,
  ],
  [
    'an nps of 11',
    sent({ feedback: { nps: 11 } }),
    'invalid_event',
    'feedback.nps is 11; it must be a whole number from 0 to 10',
  ],
  [
    'a rating of 0',
    sent({ feedback: { rating: 0 } }),
    'invalid_event',
    /^feedback\.rating is 0; it must be a number from 1 to 5/,
  ],
  ['a sentiment of -2', sent({ feedback: { sentiment: -2 } }), 'invalid_event', /from -1 to 1$/],
  ['negative dwell time', sent({ dwellSeconds: -1 }), 'invalid_event', /^dwellSeconds is -1/],
  [
    'an unknown consent status',
    sent({ consents: [{ purpose: 'ads', status: 'maybe' }] }),
    'invalid_event',
    /^consents\[0\]\.status is "maybe"; it must be one of granted/,
  ],
  ['test as text', sent({ test: 'true' }), 'invalid_event', /^test is "true"; it must be true or false/],
  [
    'an identifier type that is not configured',
    sent({ identifiers: [{ type: 'passport', value: 'x' }] }),
    'invalid_event',
    /^identifiers\[0\]\.type is "passport"; it must be a configured identifier type/,
  ],
  [
    'a number as identifier',
    sent({ identifiers: [{ type: 'phone', value: 491701234567 }] }),
    'invalid_event',
    'identifiers[0].value is a number; it must be a string',
  ],
  [
    'a profile that is not flat',
    sent({ profile: { size: { shoe: 40 } } }),
    'invalid_event',
    'profile.* is an object; it must be a string, number, boolean or null',
  ],
  ['properties that are a list', sent({ properties: [] }), 'invalid_event', /^properties is a list of 0/],
  [
    'properties 100,000 levels deep',
    `${JSON.stringify(sent()).slice(0, -1)},"properties":${'{"a":'}${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    'invalid_event',
    /at most 64 levels deep/,
  ],
  ['brackets without end', '['.repeat(100_000), 'invalid_json', /^the record is not JSON/],
  [
    'brackets beyond measure',
    '['.repeat(100_000) + ']'.repeat(100_000),
    'invalid_event',
    /^the event is a list of 1/,
  ],
  [
    'tomorrow plus a day',
    sent({ time: '2026-11-24T12:00:00Z' }),
    'time_in_future',
    'time is 2026-11-24T12:00:00.000Z; it must be 2026-11-23T12:00:00.000Z or earlier',
  ],
  ['a millisecond too late', sent({ time: '2026-11-23T12:00:00.001Z' }), 'time_in_future', /^time is/],
]

describe('a record that is no valid event', () => {
  it.each(rejections)('rejects %s', (_, content, reason, detail) => {
    const decoded = decodeOne(content)
    expect(decoded).toMatchObject({ kind: 'rejected', reason })
    expect(decoded).toHaveProperty(
      'detail',
      typeof detail === 'string' ? detail : expect.stringMatching(detail),
    )
  })

  it('keeps id, source and the bytes as they were sent', () => {
    const packed = gzipSync(bytesOf(sent({ id: 'ü'.repeat(300), order: 1 })))
    const decoded = decodeOne(packed)
    expect(decoded).toMatchObject({ eventId: 'ü'.repeat(200), source: 'till-4', reason: 'invalid_event' })
    expect(decoded.bytes).toEqual(packed)
    expect(decodeOne(sent({ id: 1, source: {} }))).toMatchObject({ eventId: null, source: null })
  })

  it.each([
    ['identifiers', { identifiers: [{ type: 'jane@example.org', value: 'x' }] }],
    ['values', { identifiers: [{ type: 'email', value: ['jane@example.org'] }] }],
    ['profile', { profile: { 'jane@example.org': ['jane@example.org'] } }],
    ['feedback', { feedback: { text: ['jane@example.org'], nps: 'jane@example.org' } }],
    ['field names', { 'jane@example.org': 1 }],
    ['channel', { channel: 'jane@example.org' }],
    ['time', { time: 'jane@example.org' }],
    ['numbers', { type: 491701234567 }],
    ['numbers as field names', { '491701234567': 1 }],
  ])('does not repeat contact data found in %s', (_, fields) => {
    expect(decodeOne(sent(fields))).toHaveProperty('detail', expect.not.stringMatching(/jane|4917/))
  })

  it('does not repeat text that is not JSON', () => {
    expect(decodeOne('jane@example.org')).toHaveProperty('detail', 'the record is not JSON')
  })

  it('says how much else is wrong, in one line of limited length', () => {
    const decoded = decodeOne(sent({ channel: 'x', items: lines(1).map(() => ({ sku: 1, price: -1 })) }))
    expect(decoded).toHaveProperty('detail', expect.stringMatching(/^channel is "x".*\(and 2 more\)$/))
  })
})
