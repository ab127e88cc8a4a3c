import type { Outcome } from '../../functions/ingest/entry.ts'
import { pause } from '../../functions/runtime/clock.ts'
import type { KeyRing } from '../../functions/runtime/key-ring.ts'
import { chunked } from '../../functions/store/dynamodb.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import { createRandom } from '../../infra/demo/random.ts'
import { hmacKey } from '../identity/sequential.ts'
import { createSimulatedDynamoDB, type LogEntry, type SimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { type Container, createContainer, createIds, type Stores, storesOn } from './container.ts'
import { tables } from './functions-on-store.ts'
import type { Case } from './identity-cases.ts'
import { bytesOf, dayOf } from './identity-event.ts'

const persons = 100
/** More of them would take longer than all the rest; then it is one person. */
const maxTouchpoints = 50_000

const oldRing: KeyRing = [hmacKey]
export const newRing: KeyRing = [{ version: 2, secret: 'the key that comes after it' }, hmacKey]

export type Cost = {
  log: readonly LogEntry[]
  events: number
  /** Items of the table identity that one event adds, by what their sort key begins with. */
  added: ReadonlyMap<string, number>
}

/** What the last event of a case costs, as the mean of events of so many persons in batches of this size. */
export async function costOf(one: Case, batchSize: number): Promise<Cost> {
  const { touchpoints = 0, beforeNewKey = Number.POSITIVE_INFINITY, isDuplicate = false } = one
  const store = createSimulatedDynamoDB({ tables })
  const stores = storesOn(store.client('process'), pause)
  const containerOf = createContainers(stores, one.isRemembered ?? false)
  const count = touchpoints * persons > maxTouchpoints ? 1 : persons
  const rounds = roundsOf(one, count)
  const takeAll = async (from: number, to: number, size: number) => {
    for (const [index, events] of rounds.slice(from, to).entries()) {
      const ring = from + index < beforeNewKey ? oldRing : newRing
      const isTwice = isDuplicate && from + index === rounds.length - 1
      for (const batch of chunked(events, size)) {
        expect(isTwice ? 'duplicate' : 'accepted', await containerOf(ring)(batch))
      }
    }
  }

  await takeAll(0, rounds.length - 1, persons)
  await addTouchpoints(store, stores, touchpoints)
  const [itemsBefore, requestsBefore] = [countItems(store), store.log.length]
  await takeAll(rounds.length - 1, rounds.length, batchSize)
  const added = [...countItems(store)].map(
    ([kind, items]) => [kind, (items - (itemsBefore.get(kind) ?? 0)) / count] as const,
  )
  return { log: store.log.slice(requestsBefore), events: count, added: new Map(added) }
}

/** The events of all persons, step by step. */
function roundsOf({ events, days, isDuplicate }: Case, count: number): Buffer[][] {
  const names = Array.from({ length: count }, (_, person) => `p${person}`)
  const rounds = events('').map((_, step) =>
    names.map((name) =>
      bytesOf({
        id: `${name}-${step}`,
        time: dayOf(days?.[step] ?? step + 1),
        identifiers: events(name)[step] ?? [],
      }),
    ),
  )
  return isDuplicate ? [...rounds, ...rounds.slice(-1)] : rounds
}

/** A new container for each batch, or the same as long as the key is. */
function createContainers(stores: Stores, isRemembered: boolean): (ring: KeyRing) => Container {
  const surroundings = { ...stores, newId: createIds(), pause, random: createRandom(1).next }
  const known = new Map<KeyRing, Container>()
  return (hmacKeys) => {
    const container = known.get(hmacKeys) ?? createContainer({ ...surroundings, hmacKeys })
    if (isRemembered) known.set(hmacKeys, container)
    return container
  }
}

function expect(kind: Outcome['kind'], outcomes: readonly Outcome[]): void {
  const other = outcomes.find((outcome) => outcome.kind !== kind)
  if (other) throw new Error(`an event that should be ${kind} was ${other.kind}`)
}

async function addTouchpoints(store: SimulatedDynamoDB, stores: Stores, count: number): Promise<void> {
  const nodes = store.items('identity').filter(({ sk }) => sk?.S === 'N')
  for (const { pk } of nodes) {
    const placed = Array.from({ length: count }, (_, index) => ({
      key: touchpointItem(pk?.S?.slice(2) ?? '', { time: dayOf(1), source: 'history', id: String(index) }),
      body: '{"channel":"web","type":"view_item"}',
      fingerprints: ['none'],
      expiresAt: null,
    }))
    await stores.touchpoints.insert(placed)
  }
}

function countItems(store: SimulatedDynamoDB): Map<string, number> {
  const kinds = new Map<string, number>()
  for (const { sk } of store.items('identity')) {
    const kind = sk?.S?.slice(0, 1) ?? ''
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  return kinds
}
