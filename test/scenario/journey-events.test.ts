import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { journeyEventNames } from '../../functions/journey/journey-event-names.ts'
import { publishedDetails } from '../../functions/journey/published-events.ts'
import { startSystem } from './local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>
let sent = 0
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

const start = Date.now() - 100 * 86_400_000
const at = (hours: number) => new Date(start + hours * 3_600_000).toISOString()
const customer = { type: 'customer_id', value: 'K-1' }
const card = { type: 'loyalty_id', value: 'L-1' }
const app = { type: 'app_install_id', value: 'app-1' }

async function send(...events: ({ hours: number } & Record<string, unknown>)[]) {
  const lines = events.map(({ hours, ...event }) =>
    JSON.stringify({ id: `e${sent++}`, source: 'shop', time: at(hours), channel: 'web', ...event }),
  )
  await system.put(lines, { partitionKey: 'one' })
  await system.caughtUp(sent)
}

const deliveredSchema = z.object({
  source: z.literal('omnijourney'),
  'detail-type': z.enum(journeyEventNames),
  detail: z.record(z.string(), z.unknown()),
})

const toldSchema = z.looseObject({
  id: z.string(),
  personId: z.string(),
  journeyId: z.string().optional(),
  mergedPersonId: z.string().optional(),
  freedPersonId: z.string().optional(),
})

/** What the bus has delivered, each with its name; the details have passed their schemas. */
function delivered() {
  const lines = readFileSync(join(system.directory, 'events.ndjson'), 'utf8').trim().split('\n')
  return lines.filter(Boolean).map((line) => {
    const event = deliveredSchema.parse(JSON.parse(line))
    const name = event['detail-type']
    return { name, ...toldSchema.parse(publishedDetails[name].strict().parse(event.detail)) }
  })
}

const journeysSchema = z.object({ items: z.array(z.object({ journeyId: z.string() })) })

describe('what happens on journeys', () => {
  it('is told as it is stored, from the cart that is left behind to the merge that is undone', async () => {
    const items = [{ sku: 'LAMP', quantity: 2, price: 10 }]
    await send(
      { hours: 0, type: 'add_to_cart', channel: 'app', items, identifiers: [app] },
      // A month and more later: the first journey was given up.
      { hours: 24 * 40, type: 'search', channel: 'app', identifiers: [app] },
    )
    await send(
      { hours: 24 * 40 + 1, type: 'search', channel: 'web', identifiers: [customer] },
      {
        hours: 24 * 40 + 2,
        type: 'purchase',
        identifiers: [customer],
        order: { id: 'R-1', total: 20 },
        items,
      },
    )
    const customerId = await system.personOf(customer)
    const appId = await system.personOf(app)
    // The app's user signs in: two persons are one.
    await send({ hours: 24 * 40 + 3, type: 'login', identifiers: [customer, app], channel: 'app' })
    await send({
      ...{ hours: 24 * 41, type: 'refund', channel: 'store', identifiers: [customer, card] },
      order: { id: 'R-1' },
    })
    const merges = await system.list(
      `/v1/customers/${customerId}/merges`,
      z.object({ mergeId: z.string(), rule: z.string() }),
    )
    const byApp = merges.find(({ rule }) => rule === 'app_install_id')
    const undone = await system.post(`/v1/customers/${customerId}/merges/${byApp?.mergeId}/undo`, {})
    expect(undone.status).toBe(200)
    await system.caughtUp(sent)

    const told = delivered()
    expect(told.map(({ name }) => name)).toEqual([
      'JourneyAbandoned',
      'JourneyConverted',
      'PersonsMerged',
      'PainPoint',
      'MergeUndone',
    ])
    const [abandoned, converted, merged, pain, freed] = told
    expect(abandoned).toMatchObject({
      personId: appId,
      phase: 'decision',
      cart: [{ sku: 'LAMP', quantity: 2 }],
    })
    expect(converted).toMatchObject({
      personId: customerId,
      order: { orderId: 'R-1', total: 20, currency: 'EUR' },
      at: at(24 * 40 + 2),
    })
    expect(pain).toMatchObject({ type: 'refund', channel: 'store', orderId: 'R-1' })
    const survivor = merged?.personId
    expect([survivor, merged?.mergedPersonId].sort()).toEqual([customerId, appId].sort())
    expect([freed?.personId, freed?.freedPersonId].sort()).toEqual([customerId, appId].sort())
    const { body } = await system.get(`/v1/customers/${customerId}/journeys`)
    expect(journeysSchema.parse(body).items.map(({ journeyId }) => journeyId)).toContain(converted?.journeyId)
  })

  it('has a number of its own each, and none that says who it is', async () => {
    const told = delivered()
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
    expect(JSON.stringify(told)).not.toMatch(/K-1|L-1|app-1/)
  })

  it('is not told again when an event is sent again', async () => {
    const before = delivered().length
    await send({
      ...{ id: 'e3', hours: 24 * 40 + 2, type: 'purchase', identifiers: [customer] },
      order: { id: 'R-1', total: 20 },
      items: [{ sku: 'LAMP', quantity: 2, price: 10 }],
    })
    expect(delivered()).toHaveLength(before)
  })
})
