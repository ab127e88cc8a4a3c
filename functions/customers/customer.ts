import type { Person } from '../identity/person.ts'
import type { Checkpoint } from '../store/checkpoint.ts'
import type { CustomerStore } from '../store/customer.ts'
import { isPersonId, noSuchPerson } from './person.ts'

/** A person and, if anything was folded of it, where its journeys stand. */
export type Customer = { person: Person; checkpoint: Checkpoint | null }

/** The customer of an id, in one round trip; an alias takes two, and gives the surviving person. */
export async function readCustomer(asked: string, store: CustomerStore): Promise<Customer> {
  for (let nodeId = asked; isPersonId(nodeId); ) {
    const found = await store.at(nodeId)
    if (!found) break
    const { root, person, checkpoint } = found
    if (person && asked in person.nodes) return { person, checkpoint }
    // An undo between two reads leaves a root that has the node no more: whose it is now, the node says.
    nodeId = person ? asked : root
  }
  throw noSuchPerson()
}
