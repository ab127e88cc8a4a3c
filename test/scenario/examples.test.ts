import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { retail } from '../../functions/journey/model.ts'
import { createRandom } from '../../infra/demo/random.ts'
import { exampleNames, readExample } from '../examples/example.ts'
import { type LocalClient, startSystem } from './local-system.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

async function start() {
  const system = await startSystem()
  opened.push(system)
  return system
}

type Example = ReturnType<typeof readExample>
type Customer = Example['expected']['customers'][number]
type ExpectedJourney = Customer['journeys'][number]

const touchpoint = z.looseObject({ id: z.string(), time: z.string(), journeyId: z.string().nullable() })
const journey = z.looseObject({ journeyId: z.string() })
const identity = z.looseObject({ refusals: z.array(z.unknown()) })
const quarantined = z.looseObject({ eventId: z.string().nullable(), reason: z.string() })

const abandonedAfterMs = 30 * 24 * 60 * 60 * 1000

/**
 * What the example says of a journey, as of the clock on the wall, which the API reads: one that was open when the
 * example was written is abandoned by now, and ended with the last touchpoint that prolonged it.
 */
function asOfNow({ touchpointIds, ...expected }: ExpectedJourney, { events }: Example) {
  if (expected.status !== 'open') return expected
  const prolonging = events.filter(
    (event) => touchpointIds.includes(event.id) && retail.phaseOf(event) && !retail.exposures.has(event.type),
  )
  const endedAt = prolonging
    .map(({ time }) => time)
    .sort()
    .at(-1)
  if (endedAt === undefined) throw new Error('a journey has a touchpoint that started it')
  const isAbandoned = Date.now() - Date.parse(endedAt) > abandonedAfterMs
  return isAbandoned ? { ...expected, status: 'abandoned', endedAt } : expected
}

const sameIdentifier = (a: Customer['lookup'], b: Customer['lookup']) =>
  a.type === b.type && a.value === b.value

async function checkCustomer(customer: Customer, example: Example, system: LocalClient) {
  const personId = await system.personOf(customer.lookup)
  for (const other of example.expected.customers.map(({ lookup }) => lookup)) {
    const isSame = [customer.lookup, ...customer.samePersonAs].some((same) => sameIdentifier(same, other))
    expect({ other, isSame: (await system.personOf(other)) === personId }).toEqual({ other, isSame })
  }
  for (const same of customer.samePersonAs) expect(await system.personOf(same)).toBe(personId)

  const path = `/v1/customers/${personId}`
  const { body } = await system.get(path)
  expect(body).toMatchObject({ personId, kind: customer.kind, touchpointCount: customer.touchpoints })
  expect(await system.list(`${path}/journeys?limit=500`, journey)).toMatchObject(
    customer.journeys.map((expected) => asOfNow(expected, example)),
  )

  const timeline = await system.list(`${path}/timeline?order=asc&limit=3`, touchpoint)
  expect(timeline).toHaveLength(customer.touchpoints)
  expect(timeline.map(({ time }) => time)).toEqual(timeline.map(({ time }) => time).sort())
  const newestFirst = await system.list(`${path}/timeline?limit=2`, touchpoint)
  expect(newestFirst).toEqual(timeline.toReversed())
  const idsOf = (journeyId: string | null) =>
    timeline.filter((one) => one.journeyId === journeyId).map(({ id }) => id)
  expect(idsOf(null).sort()).toEqual(customer.outsideJourneys.toSorted())
  const journeys = await system.list(`${path}/journeys?limit=1`, journey)
  expect(journeys.map(({ journeyId }) => idsOf(journeyId).sort())).toEqual(
    customer.journeys.map(({ touchpointIds }) => touchpointIds.toSorted()),
  )
}

async function refusalsOf({ expected }: Example, system: LocalClient) {
  const personIds = new Set<string>()
  for (const { lookup } of expected.customers) personIds.add(await system.personOf(lookup))
  let count = 0
  for (const personId of personIds) {
    const { body } = await system.get(`/v1/customers/${personId}/identity`)
    count += identity.parse(body).refusals.length
  }
  return count
}

async function check(example: Example, system: LocalClient) {
  for (const customer of example.expected.customers) await checkCustomer(customer, example, system)
  expect(await refusalsOf(example, system)).toBe(example.expected.refusals)
}

const nameless = (entries: z.output<typeof quarantined>[]) =>
  entries.map(({ eventId, reason }) => ({ id: eventId, reason }))

describe.each(exampleNames)('the contract’s example %s, sent through Kinesis', (name) => {
  const example = readExample(name)
  const { lines, expected } = example
  const bad = expected.quarantined.length
  const accepted = lines.length - bad
  const inAnyOrder = expected.about.includes('any order')

  it('gives the answers it says, and sent again changes nothing', { timeout: 60_000 }, async () => {
    const system = await start()
    await system.put(lines, { partitionKey: 'example' })
    expect(await system.caughtUp(lines.length)).toEqual({
      received: lines.length,
      accepted,
      duplicate: 0,
      quarantined: bad,
    })
    expect(nameless(await system.list('/v1/quarantine', quarantined))).toEqual(expected.quarantined)
    await check(example, system)

    await system.put(inAnyOrder ? lines.toReversed() : lines, { partitionKey: 'again' })
    expect(await system.caughtUp(2 * lines.length)).toEqual({
      received: 2 * lines.length,
      accepted,
      duplicate: accepted,
      quarantined: 2 * bad,
    })
    expect(nameless(await system.list('/v1/quarantine?limit=1', quarantined))).toEqual(
      expected.quarantined.flatMap((one) => [one, one]),
    )
    await check(example, system)
  })
})

describe.each(exampleNames.filter((name) => readExample(name).expected.about.includes('any order')))(
  'the contract’s example %s, shuffled over many partition keys, each event twice',
  (name) => {
    const example = readExample(name)

    it.each([1, 2])('gives the answers it says (seed %i)', { timeout: 60_000 }, async (seed) => {
      const random = createRandom(seed)
      const twice = [...example.lines, ...example.lines]
      const shuffled = twice
        .map((line) => ({ line, at: random.next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ line }) => line)
      const system = await start()
      await system.put(shuffled, { partitionKey: () => `key ${random.below(8)}` })
      expect(await system.caughtUp(twice.length)).toEqual({
        received: twice.length,
        accepted: example.lines.length,
        duplicate: example.lines.length,
        quarantined: 0,
      })
      await check(example, system)
    })
  },
)
