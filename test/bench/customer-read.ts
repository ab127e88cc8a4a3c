import { DynamoDBClient, GetItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb'
import { keyAttributes, text } from '../../functions/store/dynamodb.ts'
import { checkpointItem, personPartition } from '../../functions/store/keys.ts'
import { createCustomerApi } from '../customers/customer-api.ts'
import { itemBytes } from '../simulation/capacity.ts'
import { startDynoxide } from '../simulation/dynoxide.ts'
import { createTables } from './cross-check.ts'
import { createHistoryWriter, endOf, type History } from './customer-history.ts'
import { type Measured, printReads, printSizes } from './customer-read-report.ts'
import { percentile } from './report.ts'
import { createTripCounter, delayAnswers, type TripCounter } from './trips.ts'

/** What a request takes within a region, beside what this machine takes. */
const networkMs = 4
/** Of the first rounds nobody takes the time: code that is run often gets faster. */
const warmUps = 800
const rounds = { view: 800, list: 100 }

const never = Number.POSITIVE_INFINITY
const histories: readonly History[] = [
  { name: 'one journey', length: 10, buysEvery: never, nodes: 1 },
  { name: 'one journey', length: 1_000, buysEvery: never, nodes: 1 },
  { name: 'one journey', length: 100_000, buysEvery: never, nodes: 1 },
  { name: 'bought every 10 hours', length: 1_000, buysEvery: 10, nodes: 1 },
  { name: 'bought every 10 hours', length: 100_000, buysEvery: 10, nodes: 1 },
  { name: 'one journey, 5 nodes merged', length: 1_000, buysEvery: never, nodes: 5 },
]

const view = 'GET /v1/customers/{personId}'
const lists = ['journeys', 'timeline', 'orders'].map((list) => `${view}/${list}`)

/** What reading a customer takes, by the length of the history, in turn with one bare GetItem. */
export async function benchCustomerRead(): Promise<void> {
  const dynoxide = await startDynoxide()
  const far = new DynamoDBClient(dynoxide.settings)
  try {
    await createTables(dynoxide.client)
    delayAnswers(far, networkMs)
    const write = createHistoryWriter(dynoxide.client)
    const count = createTripCounter(dynoxide.client)
    const found: Measured[] = []
    for (const history of histories) {
      const personId = await write(history)
      found.push(await measure(history, personId, { near: dynoxide.client, far, count }))
    }
    printReads(found, networkMs)
    printSizes(found)
  } finally {
    far.destroy()
    await dynoxide.stop()
  }
}

type Clients = { near: DynamoDBClient; far: DynamoDBClient; count: TripCounter }

async function measure(history: History, personId: string, { near, far, count }: Clients): Promise<Measured> {
  const Key = keyAttributes(checkpointItem(personId))
  const get = new GetItemCommand({ TableName: 'journeys', Key, ConsistentRead: true })
  const now = () => endOf(history)
  const ask = createCustomerApi(near, now)
  const askFar = createCustomerApi(far, now)
  const inTurn = [() => near.send(get), () => ask(view, personId)]
  await timesOf(inTurn, warmUps)
  const [getMs = [], viewMs = []] = await timesOf(inTurn, rounds.view)
  const inTurnFar = [() => far.send(get), () => askFar(view, personId)]
  const [getFarMs = [], viewFarMs = []] = await timesOf(inTurnFar, rounds.view)
  const ofLists = lists.map((list) => () => ask(list, personId))
  const listMs = await timesOf(ofLists, rounds.list)
  const reads: Measured['reads'] = []
  for (const [index, route] of [view, ...lists].entries()) {
    const trips = await count(() => ask(route, personId))
    const answer = await ask(route, personId, route === view ? '' : 'limit=500')
    const largest = Buffer.byteLength(JSON.stringify(answer))
    const ms = quantiles(index === 0 ? viewMs : listMs[index - 1])
    reads.push({ route, ...trips, ...ms, largest })
  }
  const { Item = {} } = await near.send(get)
  return {
    title: `${history.length}, ${history.name}`,
    nodes: history.nodes,
    getItem: quantiles(getMs),
    far: { getItem: quantiles(getFarMs), view: quantiles(viewFarMs) },
    reads,
    checkpointBytes: itemBytes(Item),
    largestItemBytes: Math.max(...(await itemsOf(personId, near)).map(itemBytes)),
  }
}

const quantiles = (ms: readonly number[] = []) => ({ p50: percentile(ms, 0.5), p95: percentile(ms, 0.95) })

/** In turn, so that whatever else the machine does is felt by all alike. */
async function timesOf(works: readonly (() => Promise<unknown>)[], count: number): Promise<number[][]> {
  const times = works.map((): number[] => [])
  for (let round = 0; round < count; round++) {
    for (const [index, work] of works.entries()) {
      const startedMs = performance.now()
      await work()
      times[index]?.push(performance.now() - startedMs)
    }
  }
  return times
}

async function itemsOf(personId: string, client: DynamoDBClient) {
  const query = {
    TableName: 'journeys',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': text(personPartition(personId)) },
  }
  const pages = await Array.fromAsync(paginateQuery({ client }, query))
  return pages.flatMap(({ Items = [] }) => Items)
}
