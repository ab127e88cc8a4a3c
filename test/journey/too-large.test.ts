import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { newPerson, succeed } from '../../functions/identity/person.ts'
import { keepJourneys } from '../../functions/journey/keep.ts'
import { type Touch, toTouch } from '../../functions/journey/touch.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { shapes } from '../simulation/shapes.ts'
import { tellingTo } from './telling-to.ts'
import { at, rules, touch } from './touches.ts'

/** Nothing that could be deflated: two of them are more than an item may have. */
const page = () => randomBytes(220_000).toString('base64')

it('a person who outgrows an item does not hold up the others of a batch', async () => {
  const client = createSimulatedDynamoDB({ tables: shapes }).client('test')
  const table = (name: string) => ({ client, name, pause: async () => {} })
  const journeys = createJourneyStore(table('journeys'))
  const broken: string[] = []
  const deps = {
    identity: {
      persons: async (nodeIds: readonly string[]) =>
        new Map(nodeIds.map((nodeId) => [nodeId, succeed(newPerson(nodeId), [])])),
    },
    journeys,
    touchpoints: createTouchpointStore(table('touchpoints')),
    ...{ rules, newId: () => 'new', pause: async () => {}, random: () => 0 },
    ...tellingTo(table('journeys')),
    onBroken: (personId: string) => broken.push(personId),
  }
  const from = (ms: number, campaign: string): Touch =>
    touch(at(0, ms), 'view_item', { campaign: { id: campaign } })
  const large = [from(0, page()), from(1, page())]
  const others = [from(0, 'xmas')].map((one) => toTouch({ ...one, nodeId: 'other' }))
  const news = [
    { nodeId: 'n', touches: large },
    { nodeId: 'other', touches: others },
  ]
  await expect(keepJourneys(news, deps)).resolves.toBeUndefined()
  expect(broken).toEqual(['n'])
  expect([...(await journeys.checkpoints(['other'], true)).keys()]).toEqual(['other'])
})
