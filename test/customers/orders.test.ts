import { describe, expect, it } from 'vitest'
import { readOrder } from '../../functions/customers/order.ts'
import { listOrders } from '../../functions/customers/orders.ts'
import type { Rules } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { travel } from '../journey/travel.ts'
import { createFoldedPerson } from './folded-person.ts'

const own: Rules = { model: travel, currency: 'GBP' }
const former: Rules = { model: retail, currency: 'EUR' }

/** Too many for one transaction: folded anew, they are written beside what is there, which is deleted then. */
const many = 60
const newestFirst = Array.from({ length: many }, (_, index) => `O-${many - 1 - index}`)

/** Somebody who scans a product, which begins a journey by one of the models only, and buys the next day. */
async function stage(orders = many) {
  const touches = Array.from({ length: orders }, (_, index) => [
    { type: 'scan_item' },
    { type: 'purchase', order: { id: `O-${index}`, total: index + 1 } },
  ])
  const made = await createFoldedPerson(own, touches.flat())
  await made.keepRules(former)
  await made.foldBy(former)
  const list = async (page: Parameters<typeof listOrders>[1], deps = made.reading) =>
    listOrders(await made.customer(), page, deps)
  return { ...made, list }
}
const numbers = ({ items }: { items: readonly { orderId: string | null }[] }) =>
  items.map(({ orderId }) => orderId)

describe('orders of somebody who was folded by the rules of a deployment before', () => {
  it('are the same by every model, and have the currency of the rules where none is told', async () => {
    const { list, foldBy } = await stage(3)
    const before = await list({ limit: 50 })
    expect(before.items).toMatchObject([
      { orderId: 'O-2', total: 3, currency: 'EUR' },
      { orderId: 'O-1', total: 2, currency: 'EUR' },
      { orderId: 'O-0', total: 1, currency: 'EUR' },
    ])
    await foldBy(own)
    const after = await list({ limit: 50 })
    expect(after.items).toEqual(before.items.map((order) => ({ ...order, currency: 'GBP' })))
  })

  it('are all there when they are folded anew between two reads of one answer', async () => {
    const { list, foldBy, reading } = await stage()
    const { journeys } = reading
    const foldedMeanwhile: typeof journeys = {
      ...journeys,
      someRowsBetween: async (...range) => {
        await foldBy(own)
        return journeys.someRowsBetween(...range)
      },
    }
    const found = await list({ limit: 500 }, { ...reading, journeys: foldedMeanwhile })
    expect(numbers(found)).toEqual(newestFirst)
    expect(new Set(found.items.map(({ currency }) => currency))).toEqual(new Set(['GBP']))
  })

  it('are each on one page when they are folded anew between two pages', async () => {
    const { list, foldBy } = await stage()
    await foldBy(own)
    const pages = [await list({ limit: 7 })]
    await foldBy(former)
    for (let cursor = pages[0]?.nextCursor; cursor; cursor = pages.at(-1)?.nextCursor) {
      pages.push(await list({ limit: 7, cursor }))
    }
    expect(pages.flatMap(numbers)).toEqual(newestFirst)
  })
})

describe('one order of somebody who was folded by the rules of a deployment before', () => {
  it('has the currency of those rules where none is told', async () => {
    const { reading, foldBy } = await stage(2)
    expect(await readOrder('O-1', reading)).toMatchObject({ total: 2, currency: 'EUR' })
    await foldBy(own)
    expect(await readOrder('O-1', reading)).toMatchObject({ total: 2, currency: 'GBP' })
  })

  it('is there when all are folded anew while it is looked for', async () => {
    const { reading, foldBy } = await stage()
    const { journeys } = reading
    const foldedMeanwhile: typeof journeys = {
      ...journeys,
      rows: async (...keys) => {
        await foldBy(own)
        return journeys.rows(...keys)
      },
    }
    const order = await readOrder('O-7', { ...reading, journeys: foldedMeanwhile })
    expect(order).toMatchObject({ orderId: 'O-7', total: 8, currency: 'GBP' })
  })
})
