import { Readable } from 'node:stream'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { pause } from '../../functions/runtime/clock.ts'
import { putParts, segmentsPart } from '../../functions/store/insight-items.ts'
import { createInsightsStore } from '../../functions/store/insights.ts'
import { createHistoryWriter, endOf } from '../bench/customer-history.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { shapes } from '../simulation/shapes.ts'
import { createTrips } from '../simulation/trips.ts'
import { createCustomerApi } from './customer-api.ts'

const viewSchema = z.object({
  personId: z.string(),
  aliases: z.array(z.string()),
  touchpointCount: z.number(),
  identifiers: z.array(z.object({ type: z.string() })),
  segments: z.array(z.string()),
})
const view = 'GET /v1/customers/{personId}'

describe('a customer is read in as few round trips as can be', () => {
  const history = { name: 'bought', length: 120, buysEvery: 10, nodes: 1 }
  const trips = createTrips()
  const client = createSimulatedDynamoDB({ tables: shapes, admission: trips.admission }).client('test')
  let minutes = 0
  const ask = createCustomerApi(client, () => new Date(endOf(history).getTime() + minutes * 60_000))
  const showSegments = async (segments: [personId: string, segment: string][]) => {
    const insights = { client, name: 'insights', pause }
    const times = { from: '', to: '', startedAt: '', finishedAt: '' }
    const run = { runId: 'R', ...times, parameters: {}, bytesScanned: 0, bucketDigits: 0 }
    const part = segmentsPart('R', '', Object.fromEntries(segments))
    await putParts(insights, Readable.from([part]), endOf(history))
    await createInsightsStore(insights).show('segments', run)
  }
  const read = async (route: string, personId: string) => {
    const before = trips.count()
    const { body } = await ask(route, personId)
    return { trips: trips.count() - before, body: body ?? '' }
  }
  const persons: { nodes: number; personId: string; aliases: string[] }[] = []
  beforeAll(async () => {
    const write = createHistoryWriter(client)
    for (const nodes of [1, 2, 5]) {
      const personId = await write({ ...history, nodes })
      const { aliases } = viewSchema.parse(JSON.parse((await read(view, personId)).body))
      persons.push({ nodes, personId, aliases })
    }
    await showSegments(persons.map(({ personId }) => [personId, 'loyal']))
    // Which run is the latest one is remembered for a minute, also that there is none.
    minutes = 1
    await read(view, personOf(1).personId)
  })
  const personOf = (nodes: number) => {
    const person = persons.find((one) => one.nodes === nodes)
    if (!person) throw new Error(`nobody has ${nodes} nodes`)
    return person
  }

  it.each([
    ['of one node', 1, 1],
    ['of two nodes', 2, 2],
    ['of five nodes', 5, 2],
  ])('a person %s', async (_, nodes, expected) => {
    const { personId } = personOf(nodes)
    const found = await read(view, personId)
    expect(found.trips).toBe(expected)
    const { touchpointCount, identifiers, segments } = viewSchema.parse(JSON.parse(found.body))
    expect([touchpointCount, identifiers.length, segments]).toEqual([history.length, 5 * nodes, ['loyal']])
  })

  it.each([
    ['of two nodes', 2, 2],
    ['of five nodes', 5, 3],
  ])('a person %s by an alias', async (_, nodes, expected) => {
    const { personId, aliases } = personOf(nodes)
    const found = await read(view, aliases[0] ?? '')
    expect(found.trips).toBe(expected)
    expect(found.body).toBe((await read(view, personId)).body)
  })

  it.each([
    ['journeys', 3],
    ['orders', 5],
    ['timeline', 4],
  ])('the first page of %s', async (list, expected) => {
    const { trips } = await read(`${view}/${list}`, personOf(5).personId)
    expect(trips).toBeLessThanOrEqual(expected)
  })
})
