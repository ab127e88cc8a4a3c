import { beforeEach, describe, expect, it } from 'vitest'
import { readCustomer } from '../../functions/customers/customer.ts'
import { emptyPlan } from '../../functions/identity/draft.ts'
import { newPerson, succeed } from '../../functions/identity/person.ts'
import { mergeByHand } from '../../functions/operations/merge-persons.ts'
import { undoMerge } from '../../functions/operations/undo-merge.ts'
import { createCustomerStore } from '../../functions/store/customer.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createIds } from '../bench/container.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { shapes } from '../simulation/shapes.ts'

const cause = { operator: 'test', reason: 'because' }

/** Persons of one node each, from the oldest, and operators who join and part them. */
async function stage(count: number) {
  const client = createSimulatedDynamoDB({ tables: shapes }).client('test')
  const table = (name: string) => ({ client, name, pause: async () => {} })
  const identity = createIdentityStore(table('identity'))
  const newId = createIds()
  const operating = {
    ...{ identity, newId, now: () => new Date(), pause: async () => {}, random: () => 0 },
  }
  const nodes = Array.from({ length: count }, newId)
  for (const nodeId of nodes) {
    const plan = { ...emptyPlan, home: nodeId, person: succeed(newPerson(nodeId), []) }
    await identity.apply(plan, [], cause, new Date())
  }
  return {
    nodes,
    store: createCustomerStore(table('identity'), table('journeys')),
    merge: async (a: string, b: string) => (await mergeByHand(a, b, cause, operating)).mergeId ?? '',
    undo: (personId: string, mergeId: string) => undoMerge(personId, mergeId, cause, operating),
  }
}

describe('the customer of an id', () => {
  let parts: Awaited<ReturnType<typeof stage>>
  let [oldest, older, young] = ['', '', '']
  beforeEach(async () => {
    parts = await stage(3)
    ;[oldest = '', older = '', young = ''] = parts.nodes
  })
  /** Does something between the first and the second read. */
  const readWhile = async (asked: string, meanwhile: () => Promise<unknown>) => {
    let reads = 0
    const at = async (nodeId: string) => {
      if (reads++ === 1) await meanwhile()
      return parts.store.at(nodeId)
    }
    return readCustomer(asked, { at })
  }
  const nodesOf = ({ person }: Awaited<ReturnType<typeof readCustomer>>) => Object.keys(person.nodes).sort()

  it('is its person', async () => {
    const { person, checkpoint } = await readCustomer(older, parts.store)
    expect([person.personId, checkpoint]).toEqual([older, null])
  })

  it('is the surviving person, if it is an alias', async () => {
    await parts.merge(older, young)
    const customer = await readCustomer(young, parts.store)
    expect([customer.person.personId, nodesOf(customer)]).toEqual([older, [older, young]])
  })

  it('is found where that person becomes part of an older one meanwhile', async () => {
    await parts.merge(older, young)
    const customer = await readWhile(young, () => parts.merge(oldest, older))
    expect([customer.person.personId, nodesOf(customer)]).toEqual([oldest, [oldest, older, young]])
  })

  it('is found where it is set free meanwhile', async () => {
    const mergeId = await parts.merge(older, young)
    const customer = await readWhile(young, () => parts.undo(older, mergeId))
    expect([customer.person.personId, nodesOf(customer)]).toEqual([young, [young]])
  })

  it.each(['0'.repeat(20), 'nobody', ''])('is nobody of whom there is nothing: %j', async (id) => {
    await expect(readCustomer(id, parts.store)).rejects.toMatchObject({ status: 404 })
  })
})
