import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withLatestPaid } from '../../functions/customers/latest-paid.ts'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { sortTouches } from '../../functions/journey/touch.ts'
import { createJourneyStore, ledgerRows } from '../../functions/store/journeys.ts'
import { at, purchase, refund, rules, touch } from '../journey/touches.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'

const order = fc.record({
  isNumbered: fc.boolean(),
  total: fc.constantFrom(0, 5, 7.5),
  currency: fc.constantFrom('EUR', 'GBP'),
})
const tables = { journeys: { partitionKey: 'pk', sortKey: 'sk' } }
const [personId, generation] = ['p', '0']

describe('the latest order of which something is left', () => {
  it('is found where the latest ten, and more, were given back since', async () => {
    const worlds = fc.record({
      kept: fc.array(order, { maxLength: 30 }),
      givenBack: fc.integer({ min: 10, max: 120 }),
    })
    await fc.assert(
      fc.asyncProperty(worlds, async ({ kept, givenBack }) => {
        const bought = kept.map(({ isNumbered, total, currency }, day) =>
          touch(at(day), 'purchase', { order: { ...(isNumbered && { id: `k${day}` }), total, currency } }),
        )
        const looked = [touch(at(100), 'view_item')]
        const returned = Array.from({ length: givenBack }, (_, index) => [
          purchase(at(150, index), `g${index}`, 3),
          refund(at(151, index), { id: `g${index}` }),
        ])
        const ledger = emptyLedger()
        const touches = sortTouches([...bought, ...looked, ...returned.flat()])
        const state = fold(emptyState, touches, ledger, rules)
        expect(state.summary.paid.latest).toEqual([])

        const client = createSimulatedDynamoDB({ tables }).client('test')
        const store = createJourneyStore({ client, name: 'journeys', pause: async () => {} })
        await store.insertRows(personId, ledgerRows(ledger, generation))
        const found = await withLatestPaid({ personId, generation }, state, store, 'EUR')

        const last = kept.findLastIndex(({ total }) => total > 0)
        const { isNumbered, currency } = kept[last] ?? {}
        const latest = [at(last), currency, isNumbered ? `k${last}` : null]
        expect(found.summary.paid.latest).toEqual(last === -1 ? [] : [latest])
      }),
      { numRuns: 40 },
    )
  })
})
