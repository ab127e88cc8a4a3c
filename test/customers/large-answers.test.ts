import { describe, expect, it } from 'vitest'
import { listJourneys } from '../../functions/customers/journeys.ts'
import { listOrders } from '../../functions/customers/orders.ts'
import { listTimeline } from '../../functions/customers/timeline.ts'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { ledgerRows } from '../../functions/store/journeys.ts'
import { at, touch } from '../journey/touches.ts'
import { createFoldedPerson, personId } from './folded-person.ts'

const rules = { model: retail, currency: 'EUR' }
const maxPayloadBytes = 6 * 1024 * 1024

/** As Lambda hands it over: JSON in JSON. */
const payloadBytes = (page: unknown) => Buffer.byteLength(JSON.stringify({ body: JSON.stringify(page) }))

type Page<T> = { items: T[]; nextCursor: string | null }

/** All pages, by the largest limit; each of them one that Lambda can hand over. */
async function allPages<T>(list: (page: { limit: number; cursor?: string }) => Promise<Page<T>>) {
  const pages = [await list({ limit: 500 })]
  for (let cursor = pages[0]?.nextCursor; cursor; cursor = pages.at(-1)?.nextCursor) {
    pages.push(await list({ limit: 500, cursor }))
  }
  for (const page of pages) expect(payloadBytes(page)).toBeLessThan(maxPayloadBytes)
  expect(pages.length).toBeGreaterThan(1)
  return pages.flatMap(({ items }) => items)
}

describe('a list that is too large for one answer goes on in the next', () => {
  it.each([
    ['that repeat themselves', 'a lamp, '.repeat(31_000)],
    ['of quotes, which count twice', '"'.repeat(120_000)],
  ])('touchpoints of 250 KB %s', async (_, text) => {
    const touches = Array.from({ length: 130 }, () => ({ type: 'view_item', properties: { text } }))
    const { reading, foldBy, customer } = await createFoldedPerson(rules, touches)
    await foldBy(rules)
    const known = await customer()
    for (const order of ['asc', 'desc'] as const) {
      const items = await allPages((page) => listTimeline(known, { ...page, order }, reading))
      const days = Array.from({ length: 130 }, (_, day) => String(day))
      expect(items.map(({ id }) => id)).toEqual(order === 'asc' ? days : days.toReversed())
    }
  })

  it('orders of 2,000 lines', async () => {
    const items = Array.from({ length: 2_000 }, (_, line) => ({ sku: `sku-${line}`, quantity: 1, price: 1 }))
    const touches = Array.from({ length: 40 }, (_, number) => ({
      type: 'purchase',
      order: { id: `O-${number}` },
      items,
    }))
    const { reading, foldBy, customer } = await createFoldedPerson(rules, touches)
    await foldBy(rules)
    const known = await customer()
    const orders = await allPages((page) => listOrders(known, page, reading))
    expect(orders.map(({ orderId }) => orderId)).toEqual(touches.map(({ order }) => order.id).toReversed())
  })

  it('journeys of 200 transitions', async () => {
    const { reading, foldBy, customer } = await createFoldedPerson(rules, [{ type: 'login' }])
    await foldBy(rules)
    const known = await customer()
    const channels = ['web', 'app', 'store', 'email']
    const touches = Array.from({ length: 250 * 201 }, (_, index) =>
      touch(at(0, index), index % 201 === 200 ? 'purchase' : 'view_item', { channel: channels[index % 4] }),
    )
    const ledger = emptyLedger()
    fold(emptyState, touches, ledger, { ...rules, journeys: true })
    await reading.journeys.insertRows(personId, ledgerRows(ledger, known.checkpoint?.generation ?? ''))
    const journeys = await allPages((page) => listJourneys(known, page, reading))
    expect(journeys).toHaveLength(250)
    expect(new Set(journeys.map(({ journeyId }) => journeyId)).size).toBe(250)
  })
})
