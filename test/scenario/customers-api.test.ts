import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { retail } from '../../functions/journey/model.ts'
import { startSystem } from './local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>
/** How many events the system has been sent. */
let sent = 0

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

const base = { source: 'scenario', channel: 'web', type: 'view_item' }
const start = Date.now() - 24 * 60 * 60_000
const minute = (count: number) => new Date(start + count * 60_000).toISOString()
const identifier = (type: string, value: string) => ({ type, value })
/** A cursor that no list gave. */
const madeUp = (position: object) => Buffer.from(JSON.stringify(position)).toString('base64url')

async function send(events: readonly object[]) {
  await system.put(
    events.map((event) => JSON.stringify(event)),
    { partitionKey: 'one' },
  )
  sent += events.length
  await system.caughtUp(sent)
}

const problem = (status: number, detail: RegExp) => ({
  status,
  contentType: 'application/problem+json',
  body: {
    type: 'about:blank',
    title: expect.any(String),
    status,
    detail: expect.stringMatching(detail),
  },
})

const touchpointSchema = z.looseObject({
  id: z.string(),
  source: z.string(),
  time: z.string(),
  phase: z.string().nullable(),
  journeyId: z.string().nullable(),
})
const journeySchema = z.looseObject({ journeyId: z.string(), touchpointCount: z.number() })

describe('looking a customer up', () => {
  const email = 'Ann.Example@Example.org'
  const digest = createHash('sha256').update(email.toLowerCase()).digest()
  const phoneDigest = createHash('sha256').update('+4930901820').digest()
  let personId: string
  beforeAll(async () => {
    const identifiers = [identifier('email', email), identifier('phone', '030 / 90 18 20')]
    await send([{ ...base, id: 'lookup', time: minute(0), identifiers }])
    personId = await system.personOf(identifier('email', email))
  })

  it.each([
    ['the address as sent', 'email', email],
    ['the address in another spelling', 'email', `  ${email.toUpperCase()} `],
    ['its hash as hex', 'email_sha256', digest.toString('hex')],
    ['its hash as capital hex', 'email_sha256', digest.toString('hex').toUpperCase()],
    ['its hash as base64', 'email_sha256', digest.toString('base64')],
    ['its hash as base64url', 'email_sha256', digest.toString('base64url')],
    ['the phone number as sent', 'phone', '030 / 90 18 20'],
    ['the phone number with country', 'phone', '+49 (0)30 901820'],
    ['the phone number dialled from abroad', 'phone', '0049-30-901820'],
    ['the hash of the phone number', 'phone_sha256', phoneDigest.toString('hex')],
  ])('finds it by %s', async (_, type, value) => {
    const { status, contentType, body } = await system.post('/v1/customers/lookup', { type, value })
    expect({ status, contentType, body }).toEqual({
      status: 200,
      contentType: 'application/json',
      body: { personId },
    })
  })

  it('finds it by the first identifier that is known', async () => {
    const identifiers = [
      identifier('email', 'nobody@example.net'),
      identifier('cookie_id', 'unknown'),
      identifier('email', email),
    ]
    expect((await system.post('/v1/customers/lookup', { identifiers })).body).toEqual({ personId })
  })

  it('adds the parts that are asked for', async () => {
    const { body } = await system.post('/v1/customers/lookup', {
      ...identifier('email', email),
      include: ['profile', 'journeys'],
    })
    const { body: profile } = await system.get(`/v1/customers/${personId}`)
    const journeys = await system.list(`/v1/customers/${personId}/journeys`, journeySchema)
    expect(body).toEqual({ personId, profile, journeys })
  })

  it.each([
    ['somebody unknown', identifier('email', 'nobody@example.net')],
    ['a word that identifies nobody', identifier('email', 'Guest')],
    ['a well-known address that is nobody’s', identifier('email', 'test@example.com')],
    ['zeros', identifier('cookie_id', '0000-0000')],
    ['an address without @', identifier('email', 'ann.example.org')],
    ['a phone number that is none', identifier('phone', '12')],
    ['a raw card number', identifier('payment_card', '4111 1111 1111 1111')],
    ['an empty value', identifier('customer_id', '')],
  ])('does not find %s', async (_, asked) => {
    expect(await system.post('/v1/customers/lookup', asked)).toMatchObject(problem(404, /nobody/))
  })

  it.each([
    ['an unknown type', identifier('e_mail', email), /type is not one of customer_id, .*email_sha256/],
    ['no value', { type: 'email' }, /./],
    ['a value that is a number', { type: 'phone', value: 4930901820 }, /./],
    ['an unknown field', { ...identifier('email', email), country: 'DE' }, /./],
    ['an unknown part', { ...identifier('email', email), include: ['everything'] }, /./],
    ['no identifiers', { identifiers: [] }, /./],
    ['null', null, /./],
  ])('refuses %s', async (_, asked, detail) => {
    const answer = await system.post('/v1/customers/lookup', asked)
    expect(answer).toMatchObject(problem(400, detail))
    expect(answer.bytes.toString().toLowerCase()).not.toContain('ann.example')
    expect(answer.bytes.toString()).not.toContain('4930901820')
  })

  it('refuses what is not JSON', async () => {
    const answer = await system.ask('/v1/customers/lookup', { method: 'POST', body: '{"type":' })
    expect(answer).toMatchObject(problem(400, /not JSON/))
  })

  it('shows contact data masked only', async () => {
    const answers = await Promise.all(
      ['', '/identity', '/timeline', '/journeys'].map((part) =>
        system.get(`/v1/customers/${personId}${part}`),
      ),
    )
    for (const { status, bytes } of answers) {
      expect(status).toBe(200)
      expect(bytes.toString().toLowerCase()).not.toContain('ann.example@')
      expect(bytes.toString()).not.toContain('901820')
      expect(bytes.toString()).not.toContain(digest.toString('hex'))
    }
    expect(answers[0]?.body).toMatchObject({
      identifiers: [{ type: 'email', masked: 'a***@example.org' }, {}],
    })
  })
})

describe('asking for a customer', () => {
  let personId: string
  beforeAll(async () => {
    const identifiers = [identifier('customer_id', 'c-ask')]
    await send([{ ...base, id: 'ask', time: minute(0), identifiers }])
    personId = await system.personOf(identifier('customer_id', 'c-ask'))
  })

  it.each([
    ['/timeline?limit=501', /limit .*at most 500/],
    ['/timeline?limit=0', /limit .*at least 1/],
    ['/timeline?limit=ten', /limit .*whole number/],
    ['/timeline?limit=-1', /limit .*whole number/],
    ['/timeline?cursor=bm9uc2Vuc2U', /cursor/],
    ['/timeline?cursor=', /cursor/],
    [`/timeline?cursor=${madeUp({ sort: `x${'y'.repeat(2_000)}`, nodeId: 'n' })}`, /cursor/],
    [`/journeys?cursor=${madeUp({ after: 'z'.repeat(2_000) })}`, /cursor/],
    ['/timeline?colour=red', /colour is not known.*limit, cursor, order, channel/],
    ['/timeline?order=up', /order/],
    ['/timeline?channel=shop', /channel/],
    ['/timeline?phase=awareness', /phase/],
    ['/timeline?from=2026-01-01', /from .*offset/],
    ['/timeline?to=now', /to .*offset/],
    ['/journeys?limit=501', /limit .*at most 500/],
    ['/journeys?cursor=W10', /cursor/],
    ['/journeys?model=other', /model .*retail.*funnel/],
    ['/journeys?order=asc', /order is not known/],
    ['/identity?limit=5', /limit is not known/],
    ['?include=journeys', /include is not known/],
  ])('refuses %s and says what would be right', async (query, detail) => {
    expect(await system.get(`/v1/customers/${personId}${query}`)).toMatchObject(problem(400, detail))
  })

  it.each(['', '/timeline', '/journeys', '/identity'])('does not know anybody else: %s', async (part) => {
    for (const unknown of ['unknown', '0'.repeat(20), `${personId}x`, encodeURIComponent('é / #')]) {
      const answer = await system.get(`/v1/customers/${unknown}${part}`)
      expect(answer).toMatchObject(problem(404, /no person with this id/))
    }
  })

  it('does not know other routes', async () => {
    expect((await system.get(`/v1/customers/${personId}/secrets`)).status).toBe(404)
    expect((await system.ask(`/v1/customers/${personId}`, { method: 'PATCH' })).status).toBe(404)
  })

  it('answers by an alias as by the person that survived', async () => {
    const web = identifier('email', 'two-faced@example.org')
    const shop = identifier('loyalty_id', 'L-two-faced')
    const order = { id: 'R-two', total: 10 }
    await send([
      { ...base, id: 'web', time: minute(1), identifiers: [web] },
      {
        ...base,
        id: 'shop',
        time: minute(2),
        channel: 'store',
        type: 'purchase',
        identifiers: [shop],
        order,
      },
    ])
    const before = [await system.personOf(web), await system.personOf(shop)]
    expect(new Set(before).size).toBe(2)
    await send([{ ...base, id: 'both', time: minute(3), type: 'login', identifiers: [web, shop] }])
    const survivor = await system.personOf(web)
    expect(await system.personOf(shop)).toBe(survivor)
    expect(before).toContain(survivor)
    const aliases = before.filter((one) => one !== survivor)

    for (const part of ['', '/timeline', '/journeys', '/identity']) {
      const own = await system.get(`/v1/customers/${survivor}${part}`)
      for (const alias of aliases)
        expect((await system.get(`/v1/customers/${alias}${part}`)).body).toEqual(own.body)
    }
    expect((await system.get(`/v1/customers/${survivor}`)).body).toMatchObject({
      personId: survivor,
      aliases,
      loyaltyId: 'L-two-faced',
      customerId: null,
      touchpointCount: 3,
      orderCount: 1,
      netValue: [{ currency: 'EUR', amount: 10 }],
    })
    expect((await system.get(`/v1/customers/${survivor}/identity`)).body).toMatchObject({
      merges: [{ rule: 'email', nodes: expect.arrayContaining(before), undoneAt: null }],
      refusals: [],
      keptApart: [],
    })
    expect(await system.list(`/v1/customers/${survivor}/journeys`, journeySchema)).toMatchObject([
      { status: 'converted', touchpointCount: 2, patterns: ['webroomer'], order: { orderId: 'R-two' } },
    ])
  })

  it('names the phases of the other model', async () => {
    const identifiers = [identifier('customer_id', 'c-funnel')]
    const types = ['email_open', 'view_item', 'compare_items', 'add_to_cart', 'purchase', 'complaint']
    await send(
      types.map((type, at) => ({ ...base, id: `funnel-${at}`, time: minute(at), type, identifiers })),
    )
    const funnel = await system.personOf(identifier('customer_id', 'c-funnel'))
    const phases = async (query: string) => {
      const { body } = await system.get(`/v1/customers/${funnel}/journeys${query}`)
      const named = z.object({ phase: z.string(), phases: z.array(z.looseObject({ phase: z.string() })) })
      const [journey] = z.object({ items: z.tuple([named]) }).parse(body).items
      return [...journey.phases.map(({ phase }) => phase), journey.phase]
    }
    expect(await phases('')).toEqual([...retail.phases, 'after_sales'])
    expect(await phases('?model=retail')).toEqual([...retail.phases, 'after_sales'])
    expect(await phases('?model=funnel')).toEqual([
      ...['awareness', 'favorability', 'consideration', 'decision', 'conversion', 'after_sales'],
      'after_sales',
    ])
  })
})

describe('events over HTTP', () => {
  const event = (id: string, fields: object = {}) => ({
    ...base,
    id,
    time: minute(5),
    identifiers: [identifier('customer_id', 'c-http')],
    ...fields,
  })

  it('answers each in order, and keeps the rejected ones', async () => {
    const rejected = event('http-bad', { channel: 'shop' })
    const conflicting = event('http-two', {
      identifiers: [identifier('customer_id', 'c-1'), identifier('customer_id', 'c-2')],
    })
    const body = [event('http-1'), rejected, 'text', event('http-2'), conflicting]
    const { status, body: answer } = await system.post('/v1/events', body)
    expect(status).toBe(202)
    const channel = expect.stringMatching(/^channel is "shop"; it must be one of store, web, /)
    const object = expect.stringMatching(/object/)
    const two = expect.stringMatching(/two values of type customer_id/)
    expect(answer).toEqual({
      results: [
        { id: 'http-1', status: 'accepted' },
        { id: 'http-bad', status: 'rejected', reason: 'invalid_event', detail: channel },
        { id: null, status: 'rejected', reason: 'invalid_event', detail: object },
        { id: 'http-2', status: 'accepted' },
        { id: 'http-two', status: 'rejected', reason: 'identifier_conflict', detail: two },
      ],
    })
    sent += body.length
    const counters = await system.caughtUp(sent)
    expect(counters).toMatchObject({ received: sent, quarantined: 3 })
    const entries = await system.list(
      '/v1/quarantine?source=scenario',
      z.looseObject({ id: z.string(), eventId: z.string().nullable(), origin: z.unknown() }),
    )
    const entry = entries.find(({ eventId }) => eventId === 'http-bad')
    expect(entry).toMatchObject({ origin: { shardId: null, sequenceNumber: null } })
    const { bytes } = await system.get(`/v1/quarantine/${entry?.id}`)
    expect(JSON.parse(bytes.toString())).toEqual(rejected)
  })

  it('takes one event, and packed ones', async () => {
    expect(await system.post('/v1/events', event('http-3'))).toMatchObject({
      status: 202,
      body: { results: [{ id: 'http-3', status: 'accepted' }] },
    })
    const packed = gzipSync(JSON.stringify([event('http-4'), event('http-3')]))
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    expect(await system.ask('/v1/events', { method: 'POST', headers, body: packed })).toMatchObject({
      status: 202,
      body: { results: [{ id: 'http-4' }, { id: 'http-3' }] },
    })
    sent += 3
    expect(await system.caughtUp(sent)).toMatchObject({ received: sent, duplicate: 1 })
    const personId = await system.personOf(identifier('customer_id', 'c-http'))
    const timeline = await system.list(`/v1/customers/${personId}/timeline`, touchpointSchema)
    expect(timeline.map(({ id }) => id).sort()).toEqual(['http-1', 'http-2', 'http-3', 'http-4'])
  })

  const postBytes = (body: string | Uint8Array<ArrayBuffer>, encoding?: string) =>
    system.ask('/v1/events', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(encoding !== undefined && { 'content-encoding': encoding }),
      },
      body,
    })
  const padded = (bytes: number) =>
    JSON.stringify([event('padded', { properties: { a: 'x'.repeat(bytes) } })])
  const mebibyte = 1024 * 1024

  it('takes 500, and no more', async () => {
    const many = Array.from({ length: 500 }, (_, at) => event(`many-${at}`))
    expect((await system.post('/v1/events', many)).status).toBe(202)
    sent += 500
    expect(await system.caughtUp(sent)).toMatchObject({ received: sent })
    expect(await system.post('/v1/events', [...many, event('one more')])).toMatchObject(
      problem(400, /501 events; at most 500/),
    )
  })

  it('takes nothing of what it refuses', async () => {
    const before = await system.caughtUp(sent)
    expect(await postBytes('{"id":')).toMatchObject(problem(400, /not JSON/))
    expect(await postBytes('')).toMatchObject(problem(400, /not JSON/))
    expect(await postBytes(Buffer.of(0x22, 0xc3, 0x28, 0x22))).toMatchObject(problem(400, /not JSON/))
    expect(await postBytes('{}', 'gzip')).toMatchObject(problem(400, /not gzip/))
    expect(await postBytes(padded(4 * mebibyte))).toMatchObject(problem(413, /at most 4 MiB/))
    expect(await postBytes(gzipSync(padded(16 * mebibyte)), 'gzip')).toMatchObject(problem(413, /16 MiB/))
    expect(await system.ask('/v1/events?dry=1', { method: 'POST', body: '{}' })).toMatchObject(
      problem(400, /dry is not known/),
    )
    expect(await system.caughtUp(sent)).toEqual(before)
  })

  it('answers an empty list with an empty list', async () => {
    expect(await system.post('/v1/events', [])).toMatchObject({ status: 202, body: { results: [] } })
  })
})
