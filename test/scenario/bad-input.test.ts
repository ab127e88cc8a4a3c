import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { kplRecord } from '../touchpoint/kpl-record.ts'
import { type Line, type Origin, startSystem } from './local-system.ts'

/** Contact data in wrong places; no detail may repeat it. */
const planted = 'planted.person@example.org'
const plantedPhone = '+4930901820'

const day = 24 * 60 * 60 * 1000
const time = new Date(Date.now() - day).toISOString()

const event = (id: string, fields: object = {}) => ({
  id,
  source: 'scenario',
  time,
  channel: 'web',
  type: 'view_item',
  identifiers: [{ type: 'customer_id', value: 'good-1' }],
  ...fields,
})
const json = (id: string, fields: object = {}) => JSON.stringify(event(id, fields))

type Expected = { reason: string; detail: RegExp; eventId: string | null; source: string | null }
type Bad = Expected & { name: string; data: Line }

const of = (reason: string, detail: RegExp, eventId: string | null = null): Expected => ({
  reason,
  detail,
  eventId,
  source: eventId === null ? null : 'scenario',
})
const note = { note: planted }
const first = json('conflicting', { query: 'night light' })
const packed = gzipSync(json('cut-gzip', { properties: note }))
const whole = kplRecord([Buffer.from(json('in-damaged-kpl', { properties: note }))])
const damaged = Buffer.concat([whole.subarray(0, -1), Buffer.of((whole.at(-1) ?? 0) ^ 1)])
const long = `${'ü'.repeat(200)}x`
const invalidUtf8 = Buffer.concat([
  Buffer.from('{"id":"'),
  Buffer.of(0xc3, 0x28),
  Buffer.from(`${planted}"}`),
])

const invalid = (name: string, fields: object, detail: RegExp): Bad => ({
  name,
  data: json(name, fields),
  ...of('invalid_event', detail, name),
})

const bad: Bad[] = [
  { name: 'not JSON', data: `{"id":"${planted}",`, ...of('invalid_json', /JSON/) },
  { name: 'a list', data: `["${planted}"]`, ...of('invalid_event', /must be an object/) },
  { name: 'a string', data: `"${planted}"`, ...of('invalid_event', /must be an object/) },
  { name: 'null', data: 'null', ...of('invalid_event', /must be an object/) },
  {
    name: 'an id that is a number',
    data: JSON.stringify({ ...event(''), id: 7, properties: note }),
    ...of('invalid_event', /^id is a number; it must be a string of 1 to 400 bytes/),
    source: 'scenario',
  },
  {
    name: 'no source',
    data: JSON.stringify({ ...event('no source'), source: undefined }),
    ...of('invalid_event', /^source is missing; it must be /, 'no source'),
    source: null,
  },
  invalid('an address as time', { time: planted }, /^time is a string; it must be a date and time with/),
  invalid('an address as channel', { channel: planted }, /^channel is a string; it must be one of store, /),
  invalid('an address as type of identifier', { identifiers: [{ type: planted, value: 'x' }] }, /type/),
  invalid('a number as value', { identifiers: [{ type: 'phone', value: 4930901820 }] }, /value is a number/),
  invalid(
    'an identifier type that is not configured',
    { identifiers: [{ type: 'e-mail', value: planted }] },
    /^identifiers\[0\]\.type is .*must be a configured identifier type: customer_id, /,
  ),
  invalid('an unknown field', { emailAddress: planted }, /emailAddress/),
  invalid('an address as the name of a field', { [planted]: true }, /./),
  invalid('an address as the name of a field of an order', { order: { [planted]: true } }, /^order/),
  {
    name: 'a field __proto__',
    data: `{"__proto__":{"test":true},${json('proto').slice(1)}`,
    ...of('invalid_event', /__proto__/, 'proto'),
  },
  invalid('a misspelt field', { order: { id: 'R-1', totl: plantedPhone } }, /^order\..*totl/),
  invalid(
    'a field misspelt three levels deep',
    { items: [{ sku: 'A' }, { sku: 'B', catgory: planted }] },
    /^items\[1\]\..*catgory/,
  ),
  invalid(
    'quantity 0',
    { items: [{ sku: planted, quantity: 0 }] },
    /^items\[0\]\.quantity is 0; it must be a number other than 0/,
  ),
  invalid('a negative price', { items: [{ sku: planted, price: -1 }] }, /^items\[0\]\.price is -1; .*0/),
  invalid(
    'an address as price',
    { items: [{ sku: 'A', price: planted }] },
    /^items\[0\]\.price is a string;/,
  ),
  invalid('an address as country', { location: { country: planted } }, /^location\.country is a string;/),
  invalid('nested profile', { profile: { [planted]: { a: 1 } } }, /^profile/),
  invalid('2,001 items', { items: Array(2_001).fill({ sku: planted }) }, /^items .*2,?001.*2,?000/),
  {
    name: 'an id of 401 bytes',
    data: json(long),
    ...of('invalid_event', /^id is a string of 401 bytes; it must be a string of 1 to 400 bytes/),
    // What of it can be told.
    eventId: 'ü'.repeat(200),
    source: 'scenario',
  },
  {
    name: 'a control character in the id',
    data: json('a\u0000b'),
    ...of('invalid_event', /^id is .*without control characters/, 'a\u0000b'),
  },
  {
    name: '257 KiB',
    data: json('huge', { properties: { ...note, filler: 'x'.repeat(257 * 1024) } }),
    ...of('too_large', /^it has 26\d{4} bytes; at most 262144/, 'huge'),
  },
  {
    name: '257 KiB of what is not JSON',
    data: `${planted}${'x'.repeat(257 * 1024)}`,
    ...of('too_large', /^it has 26\d{4} bytes; at most 262144/),
  },
  {
    name: 'gzip that unpacks to 257 KiB',
    data: gzipSync(json('huge in gzip', { properties: { ...note, filler: 'x'.repeat(257 * 1024) } })),
    ...of('too_large', /^it has 26\d{4} bytes; at most 262144/, 'huge in gzip'),
  },
  {
    name: 'tomorrow and a day',
    data: json('future', { time: new Date(Date.now() + 2 * day).toISOString(), properties: note }),
    ...of('time_in_future', /^time is .*; it must be .* or earlier/, 'future'),
  },
  {
    name: 'two loyalty cards',
    data: json('two-cards', {
      identifiers: [
        { type: 'loyalty_id', value: planted },
        { type: 'loyalty_id', value: 'L-2' },
      ],
    }),
    ...of('identifier_conflict', /two values of type loyalty_id/, 'two-cards'),
  },
  { name: 'invalid UTF-8', data: invalidUtf8, ...of('invalid_json', /UTF-8/) },
  { name: 'an empty record', data: '', ...of('invalid_json', /empty|JSON/) },
  { name: 'gzip cut off', data: packed.subarray(0, -12), ...of('invalid_json', /gzip data end too early/) },
  {
    name: 'gzip within which a byte is wrong',
    data: Buffer.concat([packed.subarray(0, -6), Buffer.of(0), packed.subarray(-5)]),
    ...of('invalid_json', /gzip data are damaged/),
  },
  { name: 'KPL with a wrong checksum', data: damaged, ...of('invalid_json', /checksum/) },
  {
    name: 'other content under the same id',
    data: json('conflicting', { query: planted }),
    ...of('event_conflict', /other content/, 'conflicting'),
  },
]

const entrySchema = z.strictObject({
  id: z.string(),
  reason: z.string(),
  detail: z.string(),
  eventId: z.string().nullable(),
  source: z.string().nullable(),
  receivedAt: z.iso.datetime(),
  origin: z.strictObject({ shardId: z.string(), sequenceNumber: z.string() }),
})
type Entry = z.output<typeof entrySchema>

let system: Awaited<ReturnType<typeof startSystem>>
let counters: Awaited<ReturnType<typeof system.caughtUp>>
let entries: Entry[]
const origins = new Map<Line, Origin>()

const inner = [json('in-kpl-1'), `{"in kpl": ${planted}`, json('in-kpl-2'), '', json('in-kpl-3')]
const aggregated = kplRecord(inner.map((line) => Buffer.from(line)))
const goodIds = ['conflicting', ...bad.map((_, index) => `good-${index}`), 'in-kpl-1', 'in-kpl-2', 'in-kpl-3']

beforeAll(async () => {
  system = await startSystem()
  const batch: Line[] = [
    first,
    ...bad.flatMap(({ data }, index): Line[] => [data, json(`good-${index}`)]),
    aggregated,
  ]
  const put = await system.put(batch, { partitionKey: 'one' })
  for (const [index, line] of batch.entries()) {
    const origin = put[index]
    if (origin) origins.set(line, origin)
  }
  counters = await system.caughtUp(batch.length + inner.length - 1)
  entries = await system.list('/v1/quarantine?limit=7', entrySchema)
})
afterAll(() => system.close())

const entryOf = (origin: Origin | undefined) =>
  entries.filter((entry) => origin && entry.origin.sequenceNumber === origin.sequenceNumber)

describe('bad records between good ones', () => {
  it('cost none of the good ones', async () => {
    expect(counters).toEqual({
      received: goodIds.length + bad.length + 2,
      accepted: goodIds.length,
      duplicate: 0,
      quarantined: bad.length + 2,
    })
    const personId = await system.personOf({ type: 'customer_id', value: 'good-1' })
    const timeline = await system.list(
      `/v1/customers/${personId}/timeline?limit=500`,
      z.looseObject({ id: z.string(), query: z.string().optional() }),
    )
    expect(timeline.map(({ id }) => id).sort()).toEqual(goodIds.toSorted())
    expect(timeline.find(({ id }) => id === 'conflicting')).toMatchObject({ query: 'night light' })
  })

  it('are listed, each once, newest first', () => {
    expect(entries).toHaveLength(bad.length + 2)
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    const times = entries.map(({ receivedAt }) => receivedAt)
    expect(times).toEqual(times.toSorted().reverse())
  })

  it.each(bad)('are told apart: $name', async ({ data, reason, detail, eventId, source }) => {
    const found = entryOf(origins.get(data))
    expect(found).toHaveLength(1)
    const [entry] = found
    expect(entry).toMatchObject({ reason, eventId, source, origin: origins.get(data) })
    expect(entry?.detail).toMatch(detail)
    const { status, bytes } = await system.get(`/v1/quarantine/${entry?.id}`)
    expect(status).toBe(200)
    expect(bytes.equals(Buffer.from(data))).toBe(true)
  })

  it('leave their neighbours alone within an aggregated record', async () => {
    const origin = origins.get(aggregated)
    const found = entryOf(origin)
    expect(found).toHaveLength(2)
    const answers = await Promise.all(found.map(({ id }) => system.get(`/v1/quarantine/${id}`)))
    expect(answers.map(({ bytes }) => bytes.toString()).sort()).toEqual([inner[3], inner[1]])
    for (const entry of found) expect(entry).toMatchObject({ reason: 'invalid_json', origin, eventId: null })
  })

  it('give nothing away in what is told of them', () => {
    for (const { detail } of entries) {
      expect(detail).not.toContain('planted')
      expect(detail).not.toContain(plantedPhone)
      expect(detail).not.toContain('4930901820')
      expect(detail).not.toMatch(/[\n\r]/)
    }
  })
})

describe('the list of what is in quarantine', () => {
  it.each(['invalid_json', 'invalid_event', 'too_large', 'time_in_future', 'event_conflict'])(
    'has a filter by reason: %s',
    async (reason) => {
      const found = await system.list(`/v1/quarantine?reason=${reason}&limit=2`, entrySchema)
      expect(found).toEqual(entries.filter((entry) => entry.reason === reason))
    },
  )

  it('has a filter by source', async () => {
    const found = await system.list('/v1/quarantine?source=scenario', entrySchema)
    expect(found).toEqual(entries.filter(({ source }) => source === 'scenario'))
    expect(await system.list('/v1/quarantine?source=other', entrySchema)).toEqual([])
  })

  it('has a filter by the time of arrival', async () => {
    const [newest] = entries
    const from = await system.list(`/v1/quarantine?from=${newest?.receivedAt}`, entrySchema)
    expect(from).toEqual(entries.filter(({ receivedAt }) => receivedAt === newest?.receivedAt))
    const before = new Date(Date.parse(entries.at(-1)?.receivedAt ?? '') - 1).toISOString()
    expect(await system.list(`/v1/quarantine?to=${before}`, entrySchema)).toEqual([])
  })

  it.each([
    ['limit=501', /at most 500/],
    ['limit=0', /at least 1/],
    ['reason=junk', /reason/],
    ['from=yesterday', /from .*offset/],
    ['cursor=nonsense', /cursor/],
    ['reasons=too_large', /reasons is not known.*reason/],
  ])('refuses %s', async (query, detail) => {
    const { status, contentType, body } = await system.get(`/v1/quarantine?${query}`)
    expect({ status, contentType }).toEqual({ status: 400, contentType: 'application/problem+json' })
    expect(body).toMatchObject({ status: 400, detail: expect.stringMatching(detail) })
  })

  it.each(['unknown', '2026-11-22T101500.000Z-0123456789abcdef', '..%2Fsecret-of-others-here'])(
    'has no record %s',
    async (id) => expect((await system.get(`/v1/quarantine/${id}`)).status).toBe(404),
  )
})
