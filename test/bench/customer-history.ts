import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { emptyPlan } from '../../functions/identity/draft.ts'
import { newPerson, succeed } from '../../functions/identity/person.ts'
import { keepJourneys } from '../../functions/journey/keep.ts'
import { retail } from '../../functions/journey/model.ts'
import { mergeByHand } from '../../functions/operations/merge-persons.ts'
import { pause } from '../../functions/runtime/clock.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import type { PlacedTouchpoint } from '../../functions/store/touchpoints.ts'
import { channels } from '../../functions/touchpoint/vocabulary.ts'
import { createIds, now, storesOn } from './container.ts'
import { tellingAsUsual } from './telling-as-usual.ts'

const hourMs = 3_600_000
const startMs = Date.UTC(2014, 0, 1)
const cause = { operator: 'bench', reason: 'to see how long it takes to read' }
const identifierTypes = ['customer_id', 'email', 'cookie_id', 'app_install_id', 'payment_card']
const looks = ['view_item', 'search', 'add_to_cart', 'add_to_wishlist', 'zone_dwell', 'email_open']

/** A customer with a touchpoint an hour, on every channel there is. */
export type History = { name: string; length: number; buysEvery: number; nodes: number }

const typeAt = (hour: number, buysEvery: number): string =>
  hour % buysEvery === buysEvery - 1 ? 'purchase' : (looks[hour % looks.length] ?? '')

/** When the history is over: its last journey is still open. */
export const endOf = ({ length }: History): Date => new Date(startMs + length * hourMs)

/** What there is to be written of one customer; the id of the person. */
export function createHistoryWriter(client: DynamoDBClient) {
  const table = (name: string) => ({ client, name, pause })
  const stores = { ...storesOn(client, pause), journeys: createJourneyStore(table('journeys')) }
  const newId = createIds()
  const operating = { ...stores, newId, now, pause, random: Math.random }

  async function createNode(): Promise<string> {
    const nodeId = newId()
    const identifiers = identifierTypes.map((type) => ({
      ...{ type, class: 'device' as const, key: `${type}#1.${nodeId}aa`, formerKeys: [] },
      ...{ masked: '***77', anchorValue: type === 'customer_id' ? nodeId : null },
    }))
    const counts = Object.fromEntries(identifierTypes.map((type) => [type, 1]))
    const person = { ...newPerson(nodeId), nodes: { [nodeId]: counts } }
    const binds = identifiers.map((identifier) => ({ identifier, nodeId }))
    const plan = { ...emptyPlan, home: nodeId, person: succeed(person, []), binds }
    if ((await stores.identity.apply(plan, identifiers, cause, now())) !== 'done')
      throw new Error('a new node is nobody else’s')
    return nodeId
  }

  return async (history: History): Promise<string> => {
    const nodeId = await createNode()
    for (let node = 1; node < history.nodes; node++) {
      await mergeByHand(nodeId, await createNode(), cause, operating)
    }
    const hours = Array.from({ length: history.length }, (_, hour) => hour)
    await stores.touchpoints.insert(
      hours.map((hour) => placed(nodeId, hour, typeAt(hour, history.buysEvery))),
    )
    const rules = { model: retail, currency: 'EUR' }
    const onBroken = (_: string, error: unknown) => {
      throw error
    }
    const deps = { ...operating, rules, onBroken, ...tellingAsUsual(table('journeys'), newId) }
    await keepJourneys([{ nodeId, touches: [] }], deps)
    return nodeId
  }
}

function placed(nodeId: string, hour: number, type: string): PlacedTouchpoint {
  const time = new Date(startMs + hour * hourMs).toISOString()
  const number = (hour * 7) % 400
  const item = {
    ...{
      sku: `22${number}`,
      name: `Oak lamp number ${number}, dimmable`,
      category: `Home/Range ${number % 40}`,
    },
    ...{ brand: 'Nordlicht', quantity: 1, price: 9.99 },
  }
  const order = type === 'purchase' ? { order: { id: `O-${hour}`, total: 9.99 } } : {}
  const channel = channels[hour % channels.length]
  const body = JSON.stringify({ channel, type, items: [item], offsetMinutes: 60, ...order })
  const key = touchpointItem(nodeId, { time, source: 'shop/web', id: `e-${hour}` })
  return { key, body, fingerprints: [`f${hour}`], expiresAt: null }
}
