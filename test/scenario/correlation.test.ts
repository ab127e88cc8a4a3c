import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AthenaClient } from '@aws-sdk/client-athena'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { namedQueries } from '../../functions/lake/queries.ts'
import { correlationId } from '../../functions/runtime/correlation.ts'
import { runQuery } from '../../infra/athena/query.ts'
import { synthesize } from '../infra/synthesized.ts'
import { alarmsIn, dashboardIn } from '../infra/watched-metrics.ts'
import { startSystem } from './local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

const lineSchema = z.looseObject({
  service: z.string(),
  message: z.string().optional(),
  correlationIds: z.string().default(''),
  _aws: z
    .object({
      CloudWatchMetrics: z.array(
        z.object({
          Namespace: z.string(),
          Dimensions: z.array(z.array(z.string())),
          Metrics: z.array(z.object({ Name: z.string() })),
        }),
      ),
    })
    .optional(),
})

/** What a function has logged as JSON. */
function logOf(name: string) {
  const lines = readFileSync(join(system.directory, 'logs', `${name}.log`), 'utf8').split('\n')
  return lines.filter((line) => line.startsWith('{')).map((line) => lineSchema.parse(JSON.parse(line)))
}

const namesIt = (name: string, id: string) =>
  logOf(name).some(
    ({ message, correlationIds }) => message === 'batch' && correlationIds.split(' ').includes(id),
  )

const bought = {
  ...{ id: 'bon-1', source: 'till', channel: 'store', type: 'purchase', time: '2026-03-01T10:00:00Z' },
  ...{ order: { id: 'bon-1', total: 20 }, identifiers: [{ type: 'loyalty_id', value: 'L-1' }] },
}
const rejected = { ...bought, id: 'bon-2', type: 'purchase', order: { totl: 5 } }

const posted = { ...bought, id: 'bon-3', type: 'view_item' }

describe('an event', () => {
  beforeAll(async () => {
    const lines = [bought, rejected, bought].map((event) => JSON.stringify(event))
    await system.put(lines, { partitionKey: 'till' })
    await system.caughtUp(3)
    await system.post('/v1/events', [posted, { ...posted, id: 'bon-4', type: '' }])
    await system.caughtUp(4)
  })

  it.each(['process', 'journey', 'publish', 'notify'])(
    'is found in the log of %s by its correlation id',
    async (name) => {
      await vi.waitUntil(() => namesIt(name, correlationId(bought)), { timeout: 15_000, interval: 50 })
    },
  )

  it('that is posted is found in the log of collect, too', async () => {
    await vi.waitUntil(() => namesIt('collect', correlationId(posted)), { timeout: 15_000, interval: 50 })
  })

  it('that is rejected is named with the reason, and comes to the lake as well', async () => {
    const id = correlationId(rejected)
    expect(logOf('process')).toContainEqual(
      expect.objectContaining({ message: 'quarantined', reason: 'invalid_event', correlationIds: id }),
    )
    await vi.waitUntil(() => namesIt('publish', id), { timeout: 15_000, interval: 50 })
  })

  it.each([
    ['till', bought, ['touchpoint', 'till', 'bon-1']],
    ['quarantine', rejected, ['quarantine', 'till', 'bon-2']],
  ])('is found in the lake by what the logs call it: %s', async (_, event, row) => {
    const { sql = '' } = namedQueries.find(({ name }) => name === 'trace_an_event') ?? {}
    const asked = sql.replace('0123456789', correlationId(event))
    const found = async () => JSON.stringify(await rows(`select place, source, event_id from (${asked})`))
    await vi.waitUntil(async () => (await found()) === JSON.stringify([row]), {
      timeout: 15_000,
      interval: 100,
    })
  })

  it('leaves no value of it in the logs', () => {
    const lines = ['collect', 'process', 'journey', 'publish', 'notify'].flatMap(logOf)
    expect(lines.length).toBeGreaterThan(5)
    expect(JSON.stringify(lines)).not.toMatch(/L-1|bon-\d/)
  })
})

describe('the metrics of our own', () => {
  it('that are watched are those that functions publish', () => {
    const published = new Set(
      ['process', 'collect']
        .flatMap(logOf)
        .flatMap(({ service, _aws }) =>
          (_aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
            Metrics.map(({ Name }) =>
              [Namespace, service, ...(Dimensions[0] ?? []).toSorted(), Name].join(' '),
            ),
          ),
        ),
    )
    const { operations } = synthesize()
    const watched = [
      ...alarmsIn(operations).flatMap(({ metrics }) => metrics),
      ...dashboardIn(operations).metrics,
    ]
    const own = watched.filter(({ namespace }) => !namespace.startsWith('AWS/'))
    expect(own.length).toBeGreaterThan(5)
    for (const { namespace, name, dimensions } of own)
      expect(published).toContain(
        [namespace, dimensions.service, ...Object.keys(dimensions).toSorted(), name].join(' '),
      )
  })
})

async function rows(sql: string) {
  const { athena: endpoint, region } = system.endpoints
  const client = new AthenaClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const target = { client, workGroup: 'omnijourney-trial', database: 'omnijourney_trial' }
  const options = { signal: AbortSignal.timeout(20_000), onWait: () => undefined }
  const { pages } = await runQuery(sql, target, options)
  return (await Array.fromAsync(pages())).flat()
}
