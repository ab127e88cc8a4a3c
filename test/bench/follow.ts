import type { DynamoDBClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-dynamodb'
import { emptyPlan } from '../../functions/identity/draft.ts'
import { newPerson, succeed } from '../../functions/identity/person.ts'
import { keepJourneys } from '../../functions/journey/keep.ts'
import { retail } from '../../functions/journey/model.ts'
import { mergeByHand } from '../../functions/operations/merge-persons.ts'
import { undoMerge } from '../../functions/operations/undo-merge.ts'
import { now, pause } from '../../functions/runtime/clock.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { createRandom } from '../../infra/demo/random.ts'
import { startDynoxide } from '../simulation/dynoxide.ts'
import { createTables } from './cross-check.ts'
import { oneOf } from './random-choice.ts'
import { unitsOf } from './recording.ts'
import { type Column, printTable } from './report.ts'
import { tellingAsUsual } from './telling-as-usual.ts'

const lengths = [10, 1_000, 100_000]
const visits = 10
const hourMs = 3_600_000
const startMs = Date.UTC(2016, 0, 1)
const cause = { operator: 'bench', reason: 'to see how long it takes' }
const types = ['view_item', 'search', 'view_item_list', 'add_to_cart', 'zone_dwell', 'view_item', 'purchase']

type Usage = { requests: number; units: number }
type Parts = ReturnType<typeof partsOn>

/** How soon the journeys follow a merge and its undo, by the length of the history and by whose id stays. */
export async function benchFollow(): Promise<void> {
  const dynoxide = await startDynoxide()
  try {
    await createTables(dynoxide.client)
    const parts = partsOn(dynoxide.client)
    const rows: Column[][] = []
    for (const length of lengths) rows.push(...(await measure(length, parts)))
    printTable(
      `follow: a history of so many touchpoints, and a visitor with ${visits} later ones, joined and parted by hand`,
      ['touchpoints', 'identity units', 'ms', 'requests', 'units'],
      rows,
    )
    console.log(
      '  ms: from the news of the change to the last journey written, on Dynoxide; a batch adds the',
    )
    console.log('  delivery of the stream. Identity units: of the transaction that merges or undoes.\n')
  } finally {
    await dynoxide.stop()
  }
}

async function measure(length: number, parts: Parts): Promise<Column[][]> {
  const random = createRandom(length)
  const [older = '', long = '', younger = ''] = ['a', 'b', 'c'].map((name) =>
    `${length}${name}`.padStart(20, '0'),
  )
  for (const nodeId of [older, long, younger]) {
    await parts.createNode(nodeId)
    const [count, fromMs] = nodeId === long ? [length, startMs] : [visits, startMs + (length + 20) * hourMs]
    await parts.insert(nodeId, count, fromMs, random)
    await parts.follow([nodeId])
  }
  const rows: Column[][] = []
  const step = async (title: string, changed: string[], change: () => Promise<string>) => {
    const identity = await parts.used(change)
    const startedMs = performance.now()
    const journeys = await parts.used(() => parts.follow(changed))
    const ms = performance.now() - startedMs
    rows.push([title, identity.units, ms, journeys.requests, journeys.units])
    return identity.result
  }
  for (const [visitor, who] of [
    [younger, 'a younger visitor'],
    [older, 'a visitor with an older id'],
  ] as const) {
    const title = `${length} and ${who}: `
    const mergeId = await step(`${title}merge`, [long, visitor], () => parts.merge(long, visitor))
    await step(`${title}undo`, [long, visitor], () => parts.undo(long, mergeId))
  }
  return rows
}

/** What process, journey and operations do, without the streams between them. */
function partsOn(client: DynamoDBClient) {
  const usage: Usage = { requests: 0, units: 0 }
  count(client, usage)
  const table = (name: string) => ({ client, name, pause })
  const identity = createIdentityStore(table('identity'))
  const touchpoints = createTouchpointStore(table('touchpoints'))
  const journeys = createJourneyStore(table('journeys'))
  let made = 0
  const newId = () => `id-${String(++made).padStart(10, '0')}`
  const deps = { identity, newId, now, pause, random: Math.random }
  const rules = { model: retail, currency: 'EUR' }
  const onBroken = (_: string, error: unknown) => {
    throw error
  }
  return {
    createNode: async (nodeId: string) => {
      const plan = { ...emptyPlan, home: nodeId, person: succeed(newPerson(nodeId), []) }
      await identity.apply(plan, [], cause, now())
    },
    insert: async (
      nodeId: string,
      count: number,
      fromMs: number,
      random: ReturnType<typeof createRandom>,
    ) => {
      const placed = Array.from({ length: count }, (_, at) => {
        const time = new Date(fromMs + at * hourMs).toISOString()
        const type = oneOf(random, types)
        const order = type === 'purchase' ? { order: { id: `O-${nodeId}-${at}`, total: 10 } } : {}
        const body = JSON.stringify({ channel: 'web', type, offsetMinutes: 0, ...order })
        const key = touchpointItem(nodeId, { time, source: 'shop', id: String(at) })
        return { key, body, fingerprints: [`f${at}`], expiresAt: null }
      })
      await touchpoints.insert(placed)
    },
    follow: (nodeIds: readonly string[]) =>
      keepJourneys(
        nodeIds.map((nodeId) => ({ nodeId, touches: [] })),
        {
          ...{ identity, touchpoints, journeys, rules, newId, pause, random: Math.random, onBroken },
          ...tellingAsUsual(table('journeys'), newId),
        },
      ),
    merge: async (a: string, b: string) => (await mergeByHand(a, b, cause, deps)).mergeId ?? '',
    undo: async (personId: string, mergeId: string) => {
      await undoMerge(personId, mergeId, cause, deps)
      return mergeId
    },
    used: async <T>(work: () => Promise<T>): Promise<Usage & { result: T }> => {
      const before = { ...usage }
      const result = await work()
      return { result, requests: usage.requests - before.requests, units: usage.units - before.units }
    },
  }
}

type Handler = (command: {
  input: ServiceInputTypes
}) => Promise<{ response: unknown; output: ServiceOutputTypes }>

function count(client: DynamoDBClient, usage: Usage): void {
  client.middlewareStack.add(
    (next: Handler): Handler =>
      async (command) => {
        const input = { ...command.input, ReturnConsumedCapacity: 'TOTAL' }
        const result = await next({ ...command, input })
        usage.requests++
        usage.units += unitsOf(result.output)
        return result
      },
    { step: 'initialize', name: 'usage' },
  )
}
