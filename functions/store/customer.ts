import type { Person } from '../identity/person.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { getTogether, type Table, textOf } from './dynamodb.ts'
import { parsePerson } from './identity.ts'
import { checkpointItem, nodeItem } from './keys.ts'

/** A node, read consistently: the root of its person; if it is that itself, the person, and where its journeys stand. */
export type CustomerAtNode = { root: string; person: Person | null; checkpoint: Checkpoint | null }

export type CustomerStore = ReturnType<typeof createCustomerStore>

/** Reads what every answer about a customer begins with, of two tables in one request. */
export function createCustomerStore(identity: Table, journeys: Table) {
  return {
    /** Null: there is no such node. */
    at: async (nodeId: string): Promise<CustomerAtNode | null> => {
      const [node, checkpoint] = await getTogether([
        { table: identity, key: nodeItem(nodeId) },
        { table: journeys, key: checkpointItem(nodeId) },
      ])
      if (!node) return null
      return {
        root: textOf(node, 'r'),
        person: parsePerson(node),
        checkpoint: checkpoint ? parseCheckpoint(checkpoint) : null,
      }
    },
  }
}
