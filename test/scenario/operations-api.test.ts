import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startSystem } from './local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>
/** How many events the system has been sent. */
let sent = 0
beforeAll(async () => {
  system = await startSystem()
}, 90_000)
afterAll(async () => {
  await system?.close()
})

const start = Date.UTC(2026, 2, 1)
const minute = (count: number) => new Date(start + count * 60_000).toISOString()
type Identifier = { type: string; value: string }
const customer = (value: string): Identifier => ({ type: 'customer_id', value })
const cookie = (value: string): Identifier => ({ type: 'cookie_id', value })
const card = (value: string): Identifier => ({ type: 'payment_card', value })

async function send(...events: { identifiers: Identifier[]; type?: string; at?: number }[]) {
  const lines = events.map(({ identifiers, type = 'view_item', at }) => {
    sent++
    const event = {
      id: `e${sent}`,
      source: 'shop',
      channel: 'web',
      time: minute(at ?? sent),
      type,
      identifiers,
    }
    return JSON.stringify(event)
  })
  await system.put(lines, { partitionKey: 'one' })
  await system.caughtUp(sent)
}

const personsSchema = z.object({
  personId: z.string(),
  persons: z.array(z.object({ personId: z.string(), kind: z.string(), aliases: z.array(z.string()) })),
  mergeId: z.string().nullable().optional(),
})
const identitySchema = z.looseObject({
  personId: z.string(),
  kind: z.string(),
  aliases: z.array(z.string()),
  identifiers: z.array(z.looseObject({ type: z.string(), status: z.string(), nodeId: z.string() })),
  merges: z.array(
    z.looseObject({
      mergeId: z.string(),
      nodes: z.array(z.string()),
      rule: z.string(),
      cause: z.unknown(),
      undoneAt: z.string().nullable(),
    }),
  ),
  refusals: z.array(z.looseObject({ type: z.string(), reason: z.string() })),
  keptApart: z.array(z.array(z.string())),
})
const profileSchema = z.looseObject({
  personId: z.string(),
  touchpointCount: z.number(),
  households: z.array(
    z.object({
      householdId: z.string(),
      evidence: z.object({
        type: z.string(),
        masked: z.string(),
        reason: z.string(),
        count: z.number(),
      }),
      personIds: z.array(z.string()),
    }),
  ),
})

async function done(answer: Promise<{ status: number; body: unknown }>) {
  const { status, body } = await answer
  expect({ status, body }).toMatchObject({ status: 200 })
  return personsSchema.parse(body)
}
const merge = (a: string, b: string, reason = 'the same household card') =>
  system.post(`/v1/customers/${a}/merges`, { with: b, reason })
const undo = (personId: string, mergeId: string) =>
  system.ask(`/v1/customers/${personId}/merges/${mergeId}/undo`, { method: 'POST' })
const share = (device: unknown, method: 'PUT' | 'DELETE' = 'PUT') =>
  system.ask('/v1/identifiers/shared', { method, body: JSON.stringify(device) })
const identityOf = async (personId: string) =>
  identitySchema.parse((await system.get(`/v1/customers/${personId}/identity`)).body)
const profileOf = async (personId: string) =>
  profileSchema.parse((await system.get(`/v1/customers/${personId}`)).body)
const problem = (status: number, detail: RegExp) => ({
  status,
  contentType: 'application/problem+json',
  body: { type: 'about:blank', title: expect.any(String), status, detail: expect.stringMatching(detail) },
})

/** Persons of one customer number each, with a touchpoint each; a few are made one after the other, the oldest first. */
async function customers(...names: string[]): Promise<string[]> {
  const events = names.map((name) => ({ identifiers: [customer(name)] }))
  if (events.length < 10) for (const event of events) await send(event)
  else await send(...events)
  return Promise.all(names.map((name) => system.personOf(customer(name))))
}

describe('merging by hand', () => {
  it('joins two persons across a limit, on record, and their journeys follow', async () => {
    const [a = '', b = ''] = await customers('m-1', 'm-2')
    const answer = await done(merge(a, b, 'called and said so'))
    expect(answer).toEqual({
      personId: a,
      mergeId: expect.any(String),
      persons: [{ personId: a, kind: 'person', aliases: [b] }],
    })
    await system.caughtUp(sent)
    for (const id of [a, b]) {
      expect(await profileOf(id)).toMatchObject({ personId: a, touchpointCount: 2 })
      expect(await system.list(`/v1/customers/${id}/timeline`, z.unknown())).toHaveLength(2)
      const [journey] = await system.list(`/v1/customers/${id}/journeys`, z.looseObject({}))
      expect(journey).toMatchObject({ touchpointCount: 2 })
      const { merges } = await identityOf(id)
      expect(merges).toEqual([
        {
          mergeId: answer.mergeId,
          at: expect.stringMatching(/Z$/),
          nodes: [a, b],
          rule: 'operator',
          cause: { operator: expect.any(String), reason: 'called and said so' },
          undoneAt: null,
        },
      ])
      expect(await system.list(`/v1/customers/${id}/merges`, z.unknown())).toEqual(merges)
    }
    for (const name of ['m-1', 'm-2']) expect(await system.personOf(customer(name))).toBe(a)
  })

  it('sent again changes nothing', async () => {
    const [a = '', b = ''] = await customers('again-1', 'again-2')
    await done(merge(a, b))
    const before = await identityOf(a)
    expect(await done(merge(a, b))).toMatchObject({ personId: a, mergeId: null })
    expect(await done(merge(b, a))).toMatchObject({ personId: a, mergeId: null })
    expect(await identityOf(a)).toEqual(before)
  })

  it('stops at 90 nodes and says so', async () => {
    const names = Array.from({ length: 91 }, (_, at) => `many-${at}`)
    const [first = '', ...others] = (await customers(...names)).sort()
    const last = others.pop() ?? ''
    for (const other of others) await done(merge(first, other))
    expect(await merge(first, last)).toMatchObject(problem(409, /91 nodes together.*at most 90/))
    const { merges, aliases } = await identityOf(first)
    expect([merges.length, aliases.length]).toEqual([89, 89])
    const page = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() })
    const { items, nextCursor } = page.parse(
      (await system.get(`/v1/customers/${first}/merges?limit=50`)).body,
    )
    expect([items.length, typeof nextCursor]).toEqual([50, 'string'])
    expect(await system.list(`/v1/customers/${first}/merges?limit=40`, z.unknown())).toEqual(merges)
    await done(undo(first, merges[44]?.mergeId ?? ''))
    await done(merge(first, last))
  })
})

describe('undoing a merge', () => {
  it('gives back both persons with what is theirs, and keeps them apart from then on', async () => {
    const [a = '', b = ''] = await customers('undo-1', 'undo-2')
    const { mergeId } = await done(merge(a, b))
    const answer = await done(undo(b, mergeId ?? ''))
    expect(answer).toEqual({
      personId: b,
      persons: [
        { personId: b, kind: 'person', aliases: [] },
        { personId: a, kind: 'person', aliases: [] },
      ],
    })
    await system.caughtUp(sent)
    for (const id of [a, b]) {
      expect(await profileOf(id)).toMatchObject({ personId: id, touchpointCount: 1 })
      expect(await identityOf(id)).toMatchObject({
        personId: id,
        aliases: [],
        keptApart: [[a, b]],
        merges: [{ mergeId, undoneAt: expect.any(String), undoneBy: { reason: null } }],
      })
    }
    await send(
      { identifiers: [customer('undo-1'), cookie('undo')] },
      { identifiers: [customer('undo-2'), cookie('undo')] },
    )
    expect(await identityOf(b)).toMatchObject({ refusals: [{ type: 'cookie_id', reason: 'undone' }] })
    expect(await system.personOf(customer('undo-2'))).toBe(b)
    expect((await done(undo(a, mergeId ?? ''))).persons).toHaveLength(2)

    await done(merge(b, a))
    expect(await identityOf(b)).toMatchObject({ personId: a, keptApart: [] })
    expect((await identityOf(a)).merges).toHaveLength(2)
  })

  it('of any merge of a chain takes along what hangs on either side', async () => {
    const [a = '', b = '', c = '', d = ''] = await customers('chain-1', 'chain-2', 'chain-3', 'chain-4')
    await done(merge(a, b))
    const cd = await done(merge(d, c))
    await done(merge(cd.personId, a, 'in the middle'))
    const [middle] = (await identityOf(d)).merges.filter(({ cause }) =>
      JSON.stringify(cause).includes('in the middle'),
    )
    await done(undo(d, middle?.mergeId ?? ''))
    await system.caughtUp(sent)
    const together = (ids: string[]) => Promise.all(ids.map(async (id) => (await profileOf(id)).personId))
    const [one, two, three, four] = await together([a, b, c, d])
    expect(new Set([one, two]).size).toBe(1)
    expect(new Set([three, four]).size).toBe(1)
    expect(one).not.toBe(three)
    expect(await profileOf(a)).toMatchObject({ touchpointCount: 2 })
  })

  it('of a merge by an event leaves the event where it is, also when it comes again', async () => {
    await send({ identifiers: [customer('ev-1')] }, { identifiers: [cookie('ev-1')] })
    await send({ identifiers: [customer('ev-1'), cookie('ev-1')], at: 5 })
    const personId = await system.personOf(customer('ev-1'))
    const [connection] = (await identityOf(personId)).merges
    await done(undo(personId, connection?.mergeId ?? ''))
    const again = { source: 'shop', channel: 'web', type: 'view_item', time: minute(5) }
    await system.put(
      [JSON.stringify({ id: `e${sent}`, ...again, identifiers: [customer('ev-1'), cookie('ev-1')] })],
      { partitionKey: 'one' },
    )
    sent++
    const { duplicate } = await system.caughtUp(sent)
    expect(duplicate).toBe(1)
    expect(await profileOf(await system.personOf(customer('ev-1')))).toMatchObject({ touchpointCount: 2 })
    expect(await profileOf(await system.personOf(cookie('ev-1')))).toMatchObject({ touchpointCount: 1 })
  })

  it('is safe with several operators and live traffic at once', async () => {
    const [a = '', b = '', c = ''] = await customers('busy-1', 'busy-2', 'busy-3')
    const { mergeId } = await done(merge(a, b))
    const events = Array.from({ length: 40 }, (_, at) => ({
      identifiers: [customer(`busy-${1 + (at % 3)}`), cookie(`busy-${at}`)],
    }))
    const [, ...answers] = await Promise.all([
      send(...events),
      undo(a, mergeId ?? ''),
      undo(b, mergeId ?? ''),
      merge(a, c, 'x'),
      merge(c, a, 'y'),
      undo(a, mergeId ?? ''),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    await system.caughtUp(sent)
    expect((await profileOf(a)).personId).toBe((await profileOf(c)).personId)
    expect((await profileOf(a)).personId).not.toBe((await profileOf(b)).personId)
    const [ac, alone] = [await profileOf(a), await profileOf(b)]
    expect(ac.touchpointCount + alone.touchpointCount).toBe(43)
    expect((await identityOf(a)).merges.filter(({ undoneAt }) => undoneAt === null)).toHaveLength(1)
  })
})

describe('marking a shared device by hand', () => {
  it('gives its anonymous events to the neutral person, and back when it is lifted', async () => {
    await send({ identifiers: [customer('till-1'), cookie('kiosk')] }, { identifiers: [cookie('kiosk')] })
    const owner = await system.personOf(customer('till-1'))
    const { personId: neutral } = await done(share({ ...cookie('kiosk'), reason: 'stands in the shop' }))
    expect(neutral).not.toBe(owner)
    expect(await done(share(cookie('kiosk')))).toMatchObject({ personId: neutral })
    await send({ identifiers: [cookie('kiosk')] }, { identifiers: [customer('till-2'), cookie('kiosk')] })
    expect(await profileOf(neutral)).toMatchObject({ kind: 'shared_device', touchpointCount: 1 })
    expect(await profileOf(owner)).toMatchObject({ touchpointCount: 2 })
    for (const id of [owner, neutral]) {
      const { identifiers } = await identityOf(id)
      expect(identifiers.find(({ type }) => type === 'cookie_id')).toMatchObject({
        status: 'shared',
        markedBy: { reason: 'stands in the shop' },
      })
    }
    expect(await merge(owner, neutral)).toMatchObject(problem(409, /never joined/))
    expect(await merge(neutral, owner)).toMatchObject(problem(409, /never joined/))

    expect(await done(share(cookie('kiosk'), 'DELETE'))).toMatchObject({ personId: owner })
    await send({ identifiers: [cookie('kiosk')] })
    expect(await profileOf(owner)).toMatchObject({ touchpointCount: 3 })
    expect(await profileOf(neutral)).toMatchObject({ touchpointCount: 1 })
    expect((await done(share(cookie('kiosk')))).personId).toBe(neutral)
  })
})

describe('a household', () => {
  it('is seen by all whom a card connects, as long as they are not one person', async () => {
    await send(
      { identifiers: [customer('home-1'), card('family')] },
      { identifiers: [customer('home-2'), card('family')] },
      { identifiers: [customer('home-2'), card('family')] },
    )
    const ids = await Promise.all([1, 2].map((at) => system.personOf(customer(`home-${at}`))))
    const [a = '', b = ''] = ids
    const households = [
      {
        householdId: expect.stringMatching(/^[\w-]{22}$/),
        evidence: { type: 'payment_card', masked: '***ly', reason: 'both_known', count: 1 },
        personIds: [...ids].sort(),
      },
    ]
    expect((await profileOf(a)).households).toEqual(households)
    expect((await profileOf(b)).households).toEqual((await profileOf(a)).households)
    await done(merge(a, b))
    expect((await profileOf(b)).households).toEqual([])
  })

  it('of more than eight persons is none', async () => {
    const names = Array.from({ length: 9 }, (_, at) => `staff-${at}`)
    await send(...names.slice(0, 8).map((name) => ({ identifiers: [customer(name), card('till')] })))
    const first = await system.personOf(customer('staff-0'))
    const last = await system.personOf(customer('staff-7'))
    const [household] = (await profileOf(last)).households
    expect(household?.personIds).toHaveLength(8)
    expect((await profileOf(first)).households).toEqual([household])
    await send({ identifiers: [customer('staff-8'), card('till')] })
    expect((await profileOf(last)).households).toEqual([])
    expect((await profileOf(first)).households).toEqual([])
  })
})

describe('what cannot be done', () => {
  let personId = ''
  beforeAll(async () => {
    const [only = ''] = await customers('bad-1')
    personId = only
  })
  const nobody = '0zzzzzzzzzzzzzzzzzzz'

  it('is told: merging with a body that is not right', async () => {
    expect(await merge(personId, personId)).toMatchObject(problem(400, /itself/))
    expect(await merge(personId, nobody)).toMatchObject(problem(404, /id in with/))
    expect(await merge(nobody, personId)).toMatchObject(problem(404, /lookup/))
    expect(await merge('ann@example.org', personId)).toMatchObject(problem(404, /lookup/))
    expect(await merge(personId, 'bob')).toMatchObject(problem(400, /field with .*20 letters and digits/))
    expect(await merge(personId, nobody, '')).toMatchObject(problem(400, /reason .*why/))
    const path = `/v1/customers/${personId}/merges`
    expect(await system.post(path, { with: nobody })).toMatchObject(problem(400, /reason/))
    expect(await system.post(path, [])).toMatchObject(problem(400, /personId/))
    expect(await system.post(`${path}?force=true`, {})).toMatchObject(problem(400, /force/))
    expect(await system.ask(path, { method: 'POST', body: '{' })).toMatchObject(problem(400, /not JSON/))
  })

  it('is told: undoing what is no merge of the person', async () => {
    expect(await undo(personId, nobody)).toMatchObject(problem(404, /GET …\/merges/))
    expect(await undo(nobody, nobody)).toMatchObject(problem(404, /lookup/))
  })

  it.each([
    ['an unknown device', cookie('never seen'), 404, /no event/],
    ['a value that identifies nobody', cookie('undefined'), 404, /nobody/],
    ['a customer', customer('bad-1'), 400, /only devices .*cookie_id/],
    ['an unknown type', { type: 'cookie', value: 'x' }, 400, /type is not one of .*cookie_id/],
    ['no value', { type: 'cookie_id' }, 400, /value/],
    ['nothing', null, 400, /value/],
  ])('is told: sharing %s', async (_, device, status, detail) => {
    expect(await share(device)).toMatchObject(problem(status, detail))
    expect(await share(device, 'DELETE')).toMatchObject(problem(status, detail))
  })
})
