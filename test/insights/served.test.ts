import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { runExecution } from '../../infra/analyse/execution.ts'
import { createStates } from '../../infra/analyse/states.ts'
import { startSystem } from '../scenario/local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system?.close())

const rowSchema = z.object({ personId: z.string(), segment: z.string(), monetary: z.number() })
const personSchema = z.object({ personId: z.string(), segments: z.array(z.string()) })

const purchase = (customer: string, order: string, total: number, daysAgo: number) =>
  JSON.stringify({
    id: order,
    source: 'shop',
    time: new Date(Date.now() - daysAgo * 86_400_000).toISOString(),
    channel: 'web',
    type: 'purchase',
    identifiers: [{ type: 'customer_id', value: customer }],
    order: { id: order, total, currency: 'EUR' },
  })

async function analyse(...analyses: string[]) {
  const place = { profile: undefined, region: undefined }
  const states = await createStates(place, join(system.directory, 'endpoints.json'))
  const ended: object[] = []
  await runExecution(
    states,
    { analyses },
    {
      signal: new AbortController().signal,
      watcher: {
        said: () => undefined,
        reached: () => undefined,
        ended: ({ analysis, status }) => void ended.push({ analysis, status }),
      },
    },
  )
  states.destroy()
  return ended
}

it('after a run it shows what was found, and customers have their segment', async () => {
  const customers = ['ada', 'ben', 'cleo', 'dora', 'emil']
  const lines = customers.flatMap((customer, at) =>
    Array.from({ length: at + 1 }, (_, order) => purchase(customer, `${customer}-${order}`, 10, 1 + order)),
  )
  await system.put(lines, { partitionKey: 'shop' })
  await system.caughtUp(lines.length)
  const viewOf = async (customer: string) => {
    const { body } = await system.post('/v1/customers/lookup', {
      ...{ type: 'customer_id', value: customer },
      include: ['profile'],
    })
    return z.object({ profile: personSchema }).parse(body).profile
  }
  expect((await system.get('/v1/insights/segments')).body).toEqual({
    ...{ run: null, items: [], nextCursor: null },
  })

  expect(await analyse('segments', 'cohorts')).toEqual(
    expect.arrayContaining([
      { analysis: 'segments', status: 'succeeded' },
      { analysis: 'cohorts', status: 'succeeded' },
    ]),
  )
  const rows = await system.list('/v1/insights/segments?limit=2', rowSchema)
  expect(rows.map(({ monetary }) => monetary)).toEqual([50, 40, 30, 20, 10])
  const { body } = await system.get('/v1/insights/cohorts')
  const shown = z.object({ run: z.record(z.string(), z.unknown()), items: z.array(z.unknown()) }).parse(body)
  expect(Object.keys(shown.run)).toEqual([
    ...['runId', 'from', 'to', 'parameters', 'startedAt', 'finishedAt'],
  ])
  expect(shown.items.length).toBeGreaterThan(0)
  for (const customer of customers) {
    const { personId, segments } = await viewOf(customer)
    expect(segments).toHaveLength(1)
    expect(segments).toEqual(rows.filter((row) => row.personId === personId).map(({ segment }) => segment))
  }
}, 60_000)
