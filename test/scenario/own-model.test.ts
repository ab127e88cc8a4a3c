import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { rulesKey } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import type { Item } from '../../functions/store/dynamodb.ts'
import { createApp } from '../../infra/app.ts'
import { build } from '../../infra/build.ts'
import { createRandom } from '../../infra/demo/random.ts'
import type { Endpoints } from '../../infra/local/endpoints.ts'
import { startLocal } from '../../infra/local/start.ts'
import { travel, travelFile } from '../journey/travel.ts'
import { assembled } from './assembled.ts'
import { connect } from './local-system.ts'
import { apartWorld } from './small-world.ts'
import { journeyDifferences, personsIn, type Tables } from './stored.ts'

const journeySchema = z.looseObject({
  phase: z.string(),
  phases: z.array(z.looseObject({ phase: z.string() })),
})
const touchpointSchema = z.looseObject({ phase: z.string().nullable(), journeyId: z.string().nullable() })

const directory = mkdtempSync(join(tmpdir(), 'omnijourney-own-model-'))
const state = join(directory, 'state')
const closers: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })]
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** The app of a retailer who has written a model of the own. */
async function assembledWithTravel(): Promise<string> {
  const [bundles, outdir, model] = ['functions', 'cloud', 'travel.json'].map((name) => join(directory, name))
  if (!bundles || !outdir || !model) throw new Error('there are three')
  writeFileSync(model, JSON.stringify(travelFile))
  await build({ to: bundles })
  createApp({ context: { omnijourney: { model } }, bundles, outdir, checked: false }).synth()
  return outdir
}

async function start(assemblyDirectory: string) {
  const runtime = await startLocal({ directory: state, assemblyDirectory, prebuilt: true, port: 0 })
  const client = connect(runtime.endpoints)
  const close = async () => {
    client.disconnect()
    await runtime.close()
  }
  closers.push(close)
  return { ...client, close, tables: () => tablesOf(runtime.endpoints) }
}

async function tablesOf({ dynamodb, region }: Endpoints): Promise<Tables> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: dynamodb, region, credentials })
  const items = async (TableName: string) => {
    const found: Item[] = []
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) found.push(...Items)
    return found
  }
  const [identity = [], touchpoints = [], journeys = []] = await Promise.all(
    ['omnijourney-identity', 'omnijourney-touchpoints', 'omnijourney-journeys'].map(items),
  )
  client.destroy()
  return { identity, touchpoints, journeys }
}

const rulesIn = ({ journeys }: Tables) =>
  new Set(journeys.flatMap(({ sk, m }) => (sk?.S === 'C' ? [m?.S ?? ''] : [])))
const keyOf = (model: typeof retail) => rulesKey({ model, currency: 'EUR' })

describe('a model of the retailer’s own, on what was folded by the default one', { timeout: 120_000 }, () => {
  let system: Awaited<ReturnType<typeof start>>
  let personIds: string[]
  let ordersBefore: unknown[]
  const ordersOf = (client: typeof system) =>
    Promise.all(
      personIds.map((personId) => client.list(`/v1/customers/${personId}/orders?limit=2`, z.unknown())),
    )
  beforeAll(async () => {
    const [before, after] = [await assembled(), await assembledWithTravel()]
    const first = await start(before)
    const lines = apartWorld(createRandom(3), 120)
    await first.put(lines, { partitionKey: 'all' })
    await first.caughtUp(lines.length)
    const tables = await first.tables()
    expect(rulesIn(tables)).toEqual(new Set([keyOf(retail)]))
    personIds = personsIn(tables).map(({ personId }) => personId)
    ordersBefore = await ordersOf(first)
    expect(ordersBefore.flat().length).toBeGreaterThan(3)
    await first.close()
    system = await start(after)
  })

  it('leaves everything readable at once, by the one model or by the other', async () => {
    expect(personIds.length).toBeGreaterThan(3)
    for (const personId of personIds) {
      const path = `/v1/customers/${personId}`
      expect((await system.get(path)).status).toBe(200)
      const journeys = await system.list(`${path}/journeys`, journeySchema)
      const timeline = await system.list(`${path}/timeline`, touchpointSchema)
      const ofJourneys = journeys.flatMap(({ phase, phases }) => [phase, ...phases.map((one) => one.phase)])
      const ofTimeline = timeline.flatMap(({ phase }) => phase ?? [])
      for (const phases of [ofJourneys, ofTimeline]) {
        const models = [retail, travel].filter((model) => phases.every((one) => model.phases.includes(one)))
        expect(models).toHaveLength(1)
      }
    }
  })

  it('has the same orders at once', async () => {
    expect(await ordersOf(system)).toEqual(ordersBefore)
  })

  it('folds everybody anew, also those of whom nothing more is heard', async () => {
    const isThrough = async () => {
      const keys = rulesIn(await system.tables())
      return keys.size === 1 && keys.has(keyOf(travel))
    }
    await vi.waitUntil(isThrough, { timeout: 60_000, interval: 100 })
    const { told, stored } = journeyDifferences(await system.tables(), travel)
    expect(stored).toEqual(told)
    expect(await ordersOf(system)).toEqual(ordersBefore)
  })

  it('goes on by it', async () => {
    const [personId = ''] = personIds
    const lines = apartWorld(createRandom(4), 40).map((line) => line.replaceAll('"e', '"later-e'))
    await system.put(lines, { partitionKey: 'all' })
    await system.caughtUp(160)
    const { told, stored } = journeyDifferences(await system.tables(), travel)
    expect(stored).toEqual(told)
    const phases = await system.list(`/v1/customers/${personId}/timeline?phase=planning`, touchpointSchema)
    expect(new Set(phases.map(({ phase }) => phase))).toEqual(new Set(['planning']))
  })

  it('is the only one that journeys can be asked for in', async () => {
    const path = `/v1/customers/${personIds[0]}`
    expect((await system.get(`${path}/journeys?model=travel`)).status).toBe(200)
    for (const query of ['/journeys?model=retail', '/journeys?model=funnel', '/timeline?phase=desire']) {
      expect(await system.get(`${path}${query}`)).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/travel|planning/) },
      })
    }
  })
})
