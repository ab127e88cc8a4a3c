import { describe, expect, it } from 'vitest'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { shapes } from '../simulation/shapes.ts'
import { faultsIn } from './audit.ts'
import { createIds, createIngestProcess, noPause } from './ingest-process.ts'
import { event, lineOf } from './sent-event.ts'

const devices = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => [
    `device_id:d-${from + at}`,
    `cookie_id:k-${from + at}`,
  ]).flat()

/** More than fits into one transaction is done in several. */
describe('an event that meets many devices of others', () => {
  it.each([
    [20, 1],
    [33, 4],
    [49, 1],
    [50, 1],
    [50, 2],
    [50, 5],
  ])('makes all %s pairs of them, of %s persons, shared, on record each', async (pairs, owners) => {
    const store = createSimulatedDynamoDB({ tables: shapes })
    const surroundings = {
      nameOf: (table: string) => table,
      newId: createIds(),
      quarantined: [],
      pause: noPause,
      random: () => 0,
    }
    const process = createIngestProcess(store.client('process'), surroundings)
    const owned = [0, 10, 20, 30, 40].map((from, at) =>
      event(
        `a${1 + at}`,
        `email:ann-${at % owners}`,
        ...devices(from, Math.max(from, Math.min(pairs, from + 10))),
      ),
    )
    const bobs = event('b1', 'email:bob', ...devices(0, pairs))
    for (const outcome of await process.ingest([...owned, bobs].map((one) => lineOf(one))))
      expect(outcome.kind).toBe('accepted')

    const identity = store.items('identity')
    const countOf = (prefix: string) => identity.filter(({ sk }) => sk?.S?.startsWith(prefix)).length
    expect(identity.filter(({ sh }) => sh?.BOOL === true)).toHaveLength(2 * pairs)
    // Whoever has planned with one of them as it was has to do it again.
    expect(identity.filter(({ mk }) => mk?.BOOL === true)).toHaveLength(owners)
    expect([countOf('R#type_in_common'), countOf('H#')]).toEqual([2 * pairs, 2 * pairs])
    expect(faultsIn({ identity, touchpoints: store.items('touchpoints'), journeys: [] })).toEqual([])
  })
})
