import { lookUp } from '../../functions/customers/lookup.ts'
import { readPerson } from '../../functions/customers/person.ts'
import { createBindingCache } from '../../functions/identity/binding-cache.ts'
import { mergeByHand } from '../../functions/operations/merge-persons.ts'
import { shareDevice } from '../../functions/operations/share-device.ts'
import { undoMerge } from '../../functions/operations/undo-merge.ts'
import { pause } from '../../functions/runtime/clock.ts'
import type { KeyRing } from '../../functions/runtime/key-ring.ts'
import { createRandom } from '../../infra/demo/random.ts'
import { hmacKey, settings } from '../identity/sequential.ts'
import { createSimulatedDynamoDB, type SimulationOptions } from '../simulation/dynamodb.ts'
import { createContainer, createIds, normalise, now, storesOn } from './container.ts'
import { tables } from './functions-on-store.ts'
import { bytesOf, cookie, dayOf, order, sentIdentifier } from './identity-event.ts'

const cause = { operator: 'bench', reason: 'they are the same' }
const hmacKeys: KeyRing = [hmacKey]

/** Somebody who sends events one by one, and operates, on a store of the tests. */
export function createBenchOperator(options: Pick<SimulationOptions, 'admission'> = {}) {
  const store = createSimulatedDynamoDB({ tables, ...options })
  const stores = storesOn(store.client('bench'), pause)
  const surroundings = { ...stores, newId: createIds(), pause, random: createRandom(1).next }
  const reading = { normalise, settings, hmacKeys, keepAnchors: true }
  const deps = { ...surroundings, ...reading, now }
  let sent = 0

  const take = async (...identifiers: string[]): Promise<void> => {
    sent++
    const event = { id: `e${sent}`, time: dayOf(1 + Math.floor(sent / 10)), identifiers }
    const [outcome] = await createContainer(surroundings)([bytesOf(event)])
    if (outcome?.kind !== 'accepted') throw new Error(`an event was ${outcome?.kind}`)
  }
  const find = (identifier: string) =>
    lookUp(sentIdentifier(identifier), { ...deps, cache: createBindingCache() })
  const merge = (personId: string, otherId: string) => mergeByHand(personId, otherId, cause, deps)

  return {
    store,
    deps,
    take,
    merge,
    /** A person of so many nodes, each with an order; the first has a cookie, too. */
    grow: async (name: string, nodes: number): Promise<string> => {
      await take(order(`${name}0`), cookie(`${name}0`))
      const first = await find(order(`${name}0`))
      for (let node = 1; node < nodes; node++) {
        await take(order(`${name}${node}`))
        await merge(first, await find(order(`${name}${node}`)))
      }
      return first
    },
    lastMerge: async (personId: string): Promise<string> => {
      const { connections } = await readPerson(personId, stores.identity)
      return connections.at(-1)?.mergeId ?? ''
    },
    undo: (personId: string, mergeId: string) => undoMerge(personId, mergeId, cause, deps),
    mark: (device: string, isShared: boolean) => shareDevice(sentIdentifier(device), isShared, cause, deps),
  }
}
