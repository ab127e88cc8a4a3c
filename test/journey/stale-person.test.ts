import { expect, it } from 'vitest'
import { type KeepDeps, keepJourneys } from '../../functions/journey/keep.ts'
import { readNews } from '../../functions/journey/news.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { createGate } from '../identity/gate.ts'
import { createIds, createIngestProcess, noPause } from '../identity/ingest-process.ts'
import { event, lineOf } from '../identity/sent-event.ts'
import { journeyDifferences } from '../scenario/stored.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { shapes } from '../simulation/shapes.ts'
import { tellingTo } from './telling-to.ts'
import { rules } from './touches.ts'

/**
 * A node that joins a person without touchpoints of its own leaves the person's topology as it is: who has read the
 * person before that, and its checkpoint after the node's first touchpoint was folded, must not fold without the node.
 */
it('a fold from before a node joined does not leave out what the node has brought since', async () => {
  const store = createSimulatedDynamoDB({ tables: shapes })
  const surroundings = {
    nameOf: (table: string) => table,
    newId: createIds(),
    quarantined: [],
    pause: noPause,
    random: () => 0,
  }
  const process = createIngestProcess(store.client('process'), surroundings)
  const consumer = (client = store.client('journey')): KeepDeps => ({
    identity: createIdentityStore({ client, name: 'identity', pause: noPause }),
    touchpoints: createTouchpointStore({ client, name: 'touchpoints', pause: noPause }),
    journeys: createJourneyStore({ client, name: 'journeys', pause: noPause }),
    ...tellingTo({ client, name: 'journeys', pause: noPause }),
    rules,
    newId: createIds(),
    pause: noPause,
    random: () => 0,
    onBroken: (_, error) => {
      throw error
    },
  })
  let position = 0
  /** What the stream has brought since the last call. */
  const news = () => {
    const records = store.stream('touchpoints').read(position, 100)
    position += records.length
    return readNews(records)
  }
  const send = (...events: ReturnType<typeof event>[]) => process.deliver(events.map(lineOf), 1)

  await send(event('e5', 'email:ann'), event('e20', 'email:ann'))
  await keepJourneys(news(), consumer())
  await send(event('e10', 'email:ann'))
  const late = news()
  const gate = createGate(store.client('slow'))
  // Late, it looks twice: the second time at what it then writes from.
  const hold = gate.hold({ kind: 'any', nth: 4 })
  const slow = keepJourneys(late, consumer(gate.client))
  await hold.arrived
  expect(gate.requests).toEqual(['read nodes', 'read nodes', 'read nodes', 'read nodes'])

  await send(event('e15', 'customer_id:c-1', 'email:ann'))
  await keepJourneys(news(), consumer())
  hold.release()
  await slow

  const tables = {
    identity: store.items('identity'),
    touchpoints: store.items('touchpoints'),
    journeys: store.items('journeys'),
  }
  const { told, stored } = journeyDifferences(tables)
  expect(Object.keys(told)).toHaveLength(1)
  expect(stored).toEqual(told)
})
