import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { startSystem } from './local-system.ts'

const touchpointSchema = z.looseObject({ id: z.string(), journeyId: z.string().nullable() })
const journeySchema = z.looseObject({ journeyId: z.string(), touchpointCount: z.number() })

const event = (id: string, time: string, type: string, order?: object) =>
  JSON.stringify({
    id,
    source: 'web',
    time,
    channel: 'web',
    type,
    identifiers: [{ type: 'customer_id', value: 'c-1' }],
    ...(order && { order }),
  })

let system: Awaited<ReturnType<typeof startSystem>>
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

it('takes a complaint away from an earlier journey when a purchase just before it arrives late', async () => {
  const inTime = [
    event('first', '2026-01-01T10:00:00Z', 'purchase', { id: 'O-1', total: 10 }),
    event('visit', '2026-02-01T10:00:00Z', 'view_item'),
    event('complaint', '2026-02-03T10:00:00Z', 'complaint'),
  ]
  for (const [index, line] of inTime.entries()) {
    await system.put([line], { partitionKey: 'one' })
    await system.caughtUp(index + 1)
  }
  await system.put([event('late', '2026-02-02T10:00:00Z', 'purchase', { id: 'O-2', total: 20 })], {
    partitionKey: 'one',
  })
  await system.caughtUp(inTime.length + 1)

  const path = `/v1/customers/${await system.personOf({ type: 'customer_id', value: 'c-1' })}`
  const timeline = await system.list(`${path}/timeline?order=asc`, touchpointSchema)
  const journeys = await system.list(`${path}/journeys`, journeySchema)
  expect(
    journeys.map(({ journeyId }) =>
      timeline.filter((one) => one.journeyId === journeyId).map(({ id }) => id),
    ),
  ).toEqual([['first'], ['visit', 'late', 'complaint']])
  expect(journeys).toMatchObject([
    { status: 'converted', touchpointCount: 1, painPointCount: 0 },
    { status: 'converted', touchpointCount: 3, painPointCount: 1 },
  ])
})
