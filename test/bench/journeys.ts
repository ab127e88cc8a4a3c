import { emptyPlan } from '../../functions/identity/draft.ts'
import { newPerson, succeed } from '../../functions/identity/person.ts'
import { type KeepDeps, keepJourneys } from '../../functions/journey/keep.ts'
import { retail } from '../../functions/journey/model.ts'
import { toTouch } from '../../functions/journey/touch.ts'
import { pause } from '../../functions/runtime/clock.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import type { PlacedTouchpoint } from '../../functions/store/touchpoints.ts'
import { itemBytes } from '../simulation/capacity.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { createIds, now, storesOn } from './container.ts'
import { benchCustomerRead } from './customer-read.ts'
import { tables } from './functions-on-store.ts'
import { type Column, printTable } from './report.ts'
import { tellingAsUsual } from './telling-as-usual.ts'
import { usageOf } from './usage.ts'

const lengths = [10, 1_000, 100_000]
const hourMs = 3_600_000
const startMs = Date.UTC(2014, 0, 1)
const nodeId = '00000000000000000001'

/** What there is at each hour. */
const histories: Record<string, (hour: number) => string> = {
  'one journey': () => 'view_item',
  'bought every 10 hours': (hour) => (hour % 10 === 9 ? 'purchase' : 'view_item'),
}

/** What journeys cost by the length of a history: on the simulated store, which reckons units as AWS does. */
export async function benchJourneys(): Promise<void> {
  const rows: Column[][] = []
  for (const [name, typeAt] of Object.entries(histories)) {
    for (const length of lengths) rows.push(...(await measure(name, length, typeAt)))
  }
  printTable(
    'journeys: what the function journey does for one more touchpoint, by the length of the history',
    ['history', 'touchpoint', 'requests', 'read units', 'write units', 'ms', 'largest item'],
    rows,
  )
  console.log(
    '  Late: so many touchpoints before the latest. Anew: the whole history, as after a merge that changes',
  )
  console.log(
    '  the id. ms: of our own code and the simulated store. Largest item: bytes, of checkpoint and journeys.\n',
  )
  await benchCustomerRead()
}

async function measure(name: string, length: number, typeAt: (hour: number) => string): Promise<Column[][]> {
  const store = createSimulatedDynamoDB({ tables })
  const client = store.client('bench')
  const stores = storesOn(client, pause)
  const deps: KeepDeps = {
    ...stores,
    journeys: createJourneyStore({ client, name: 'journeys', pause }),
    ...tellingAsUsual({ client, name: 'journeys', pause }, createIds()),
    rules: { model: retail, currency: 'EUR' },
    newId: createIds(),
    pause,
    random: Math.random,
    onBroken: (_, error) => {
      throw error
    },
  }
  const plan = { ...emptyPlan, home: nodeId, person: succeed(newPerson(nodeId), []) }
  await stores.identity.apply(plan, [], { operator: 'bench', reason: null }, now())
  await stores.touchpoints.insert(Array.from({ length }, (_, hour) => placed(hour, typeAt(hour))))

  const rows: Column[][] = []
  const step = async (what: string, news: Parameters<typeof keepJourneys>[0]) => {
    const [before, startedMs] = [store.log.length, performance.now()]
    await keepJourneys(news, deps)
    const ms = performance.now() - startedMs
    const { requests, read, write } = usageOf(store.log.slice(before))
    const largest = Math.max(...store.items('journeys').map(itemBytes))
    rows.push([rows.length === 0 ? `${length}, ${name}` : '', what, requests, read, write, ms, largest])
  }
  const add = async (what: string, hour: number) => {
    const touchpoint = placed(hour, 'view_item')
    await stores.touchpoints.insert([touchpoint])
    const [stored] = await stores.touchpoints.some(nodeId, {
      from: touchpoint.key.sk,
      to: touchpoint.key.sk,
      backwards: false,
      limit: 1,
    })
    if (stored) await step(what, [{ nodeId, touches: [toTouch(stored)] }])
  }
  await step('anew', [{ nodeId, touches: [] }])
  await add('in order', length)
  for (const late of [1, 24, 1_000]) if (late < length) await add(`late by ${late}`, length - late - 0.5)
  await step('a second report of it', [{ nodeId, touches: [] }])
  return rows
}

function placed(hour: number, type: string): PlacedTouchpoint {
  const time = new Date(startMs + hour * hourMs).toISOString()
  const item = { sku: `s-${hour % 40}`, name: 'oak lamp', category: 'Home/Lighting', quantity: 1, price: 10 }
  const order = type === 'purchase' ? { order: { id: `O-${hour}`, total: 10 } } : {}
  const body = JSON.stringify({ channel: 'web', type, items: [item], offsetMinutes: 0, ...order })
  const key = touchpointItem(nodeId, { time, source: 'shop', id: String(hour) })
  return { key, body, fingerprints: [`f${hour}`], expiresAt: null }
}
