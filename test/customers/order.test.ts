import { describe, expect, it } from 'vitest'
import { readOrder } from '../../functions/customers/order.ts'
import { mergePersons, newPerson, type Person, succeed } from '../../functions/identity/person.ts'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { keepJourneys } from '../../functions/journey/keep.ts'
import type { Touch } from '../../functions/journey/touch.ts'
import { createJourneyStore, ledgerRows } from '../../functions/store/journeys.ts'
import { type Key, nobodysTouchpointItem, touchpointItem } from '../../functions/store/keys.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { tellingTo } from '../journey/telling-to.ts'
import { at, purchase, refund, rules, touch } from '../journey/touches.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'

const shape = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: { byOrder: { partitionKey: 'o', projection: 'KEYS_ONLY' as const } },
}
const now = new Date(at(100))

/** The tables that the answer is read from, and how they come to be what they are. */
function stage() {
  const client = createSimulatedDynamoDB({ tables: { journeys: shape, touchpoints: shape } }).client('test')
  const pause = async () => {}
  const journeys = createJourneyStore({ client, name: 'journeys', pause })
  const touchpoints = createTouchpointStore({ client, name: 'touchpoints', pause })
  const persons = new Map<string, Person>()
  const identity = {
    persons: async () => persons,
    personIds: async (ids: readonly string[]) =>
      new Map(ids.map((id) => [id, persons.get(id)?.personId ?? id])),
  }
  const put = (touches: readonly Touch[], keyOf: (touch: Touch) => Key, of = {}) =>
    touchpoints.insert(
      touches.map((one) => ({
        key: keyOf(one),
        body: JSON.stringify(one),
        fingerprints: [one.fingerprint],
        expiresAt: null,
        ...of,
      })),
    )
  const follow = (nodeId: string, touches: Touch[]) =>
    keepJourneys([{ nodeId, touches }], {
      ...{ identity, journeys, touchpoints, rules, pause, newId: () => 'g', random: () => 0 },
      ...tellingTo({ client, name: 'journeys', pause }),
      onBroken: (_, error) => {
        throw error
      },
    })
  return {
    read: (orderId: string) =>
      readOrder(orderId, {
        ...{ identity, journeys, touchpoints, currency: 'EUR' },
        rulesOf: async () => rules,
        now: () => now,
      }),
    /** A new person of one node with these touchpoints. */
    arrive: async (nodeId: string, touches: Touch[]) => {
      persons.set(nodeId, succeed(newPerson(nodeId), []))
      await put(touches, (one) => touchpointItem(nodeId, one))
      await follow(nodeId, touches)
    },
    /** Two persons become one; their journeys follow later. */
    join: (a: string, b: string) => {
      const both = [a, b].flatMap((nodeId) => persons.get(nodeId) ?? [])
      const [first, second] = both
      if (!first || !second) throw new Error('two persons are joined')
      const connection = { mergeId: 'm', nodes: [a, b] as const, undoneAt: null }
      const joined = succeed(mergePersons(first, second, connection), both)
      for (const nodeId of [a, b]) persons.set(nodeId, joined)
    },
    follow,
    /** Rows that a fold has left behind. */
    leave: (personId: string, generation: string, touches: readonly Touch[]) => {
      const ledger = emptyLedger()
      fold(emptyState, touches, ledger, rules)
      return journeys.insertRows(personId, ledgerRows(ledger, generation))
    },
    putNobodys: (orderId: string, expiresAt: Date, touches: readonly Touch[]) =>
      put(touches, nobodysTouchpointItem, { orderId, expiresAt }),
  }
}

const bought = (nodeId: string, time = at(1)) => purchase(time, 'A', 5, { nodeId })

describe('the order of a number', () => {
  it('is read from the rows that hold, whatever the index names', async () => {
    const { arrive, leave, read } = stage()
    await leave('p', 'old', [bought('p')])
    await arrive('p', [bought('p'), refund(at(2), { id: 'A', total: 2 }, { nodeId: 'p' })])
    expect(await read('A')).toMatchObject({ personId: 'p', total: 5, net: 3 })
  })

  it('is not that of rows that do not hold any more', async () => {
    const { arrive, leave, read } = stage()
    await leave('p', 'old', [bought('p')])
    await arrive('p', [touch(at(1), 'view_item', { nodeId: 'p' })])
    await expect(read('A')).rejects.toThrow(/no order/)
  })

  it('goes with its person, before and after the journeys follow', async () => {
    const { arrive, join, follow, leave, read } = stage()
    await arrive('a', [touch(at(1), 'view_item', { nodeId: 'a' })])
    await arrive('b', [bought('b')])
    expect(await read('A')).toMatchObject({ personId: 'b', total: 5 })
    join('a', 'b')
    expect(await read('A')).toMatchObject({ personId: 'a', total: 5 })
    await follow('b', [])
    expect(await read('A')).toMatchObject({ personId: 'a', total: 5 })
    await leave('b', '0', [purchase(at(0), 'A', 9, { nodeId: 'b' })])
    expect(await read('A')).toMatchObject({ personId: 'a', total: 5 })
  })

  it('that only refunds name is none', async () => {
    const { arrive, read } = stage()
    await arrive('p', [refund(at(1), { id: 'A', total: 5 }, { nodeId: 'p' })])
    await expect(read('A')).rejects.toThrow(/no order/)
  })

  it('is nobody’s for as long as that is kept', async () => {
    const { putNobodys, read } = stage()
    const ms = (offset: number) => new Date(now.getTime() + offset)
    await putNobodys('A', ms(-1000), [purchase(at(1), 'A', 5)])
    await expect(read('A')).rejects.toThrow(/no order/)
    await putNobodys('A', ms(1000), [purchase(at(3), 'A', 7), refund(at(2), { id: 'A', total: 2 })])
    expect(await read('A')).toMatchObject({ personId: null, at: at(3), total: 7, net: 5 })
  })

  it('is told by the first and the latest of very many reports', async () => {
    const { putNobodys, read } = stage()
    const many = Array.from({ length: 1200 }, (_, index) => refund(at(2, index), { id: 'A', total: 0.01 }))
    await putNobodys('A', new Date(at(101)), [purchase(at(1), 'A', 50), ...many])
    expect((await read('A')).returns).toHaveLength(199)
  })
})
