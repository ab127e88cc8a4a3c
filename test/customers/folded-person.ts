import type { Customer } from '../../functions/customers/customer.ts'
import { createRulesReader } from '../../functions/customers/folded.ts'
import { newPerson, succeed } from '../../functions/identity/person.ts'
import type { Rules } from '../../functions/journey/fold-state.ts'
import { type KeepDeps, keepJourneys } from '../../functions/journey/keep.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import { createRulesStore } from '../../functions/store/rules.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { tellingTo } from '../journey/telling-to.ts'
import { at } from '../journey/touches.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { shapes } from '../simulation/shapes.ts'

export const personId = '0'.repeat(20)

/** One person whose touchpoints, one a day, are folded by whatever rules are given, and who reads that today. */
export async function createFoldedPerson(
  today: Rules,
  touches: readonly ({ type: string } & Record<string, unknown>)[],
) {
  const client = createSimulatedDynamoDB({ tables: shapes }).client('test')
  const table = (name: string) => ({ client, name, pause: async () => {} })
  const journeys = createJourneyStore(table('journeys'))
  const touchpoints = createTouchpointStore(table('touchpoints'))
  const kept = createRulesStore(table('journeys'))
  const person = succeed(newPerson(personId), [])
  const personsOf = async (nodeIds: readonly string[]) => new Map(nodeIds.map((nodeId) => [nodeId, person]))
  await touchpoints.insert(
    touches.map((touch, day) => ({
      key: touchpointItem(personId, { time: at(day), source: 's', id: String(day) }),
      body: JSON.stringify({ channel: 'web', ...touch }),
      ...{ fingerprints: ['f'], expiresAt: null },
    })),
  )
  const identity = {
    persons: personsOf,
    personIds: async (nodeIds: readonly string[]) => new Map(nodeIds.map((nodeId) => [nodeId, personId])),
  }
  let generations = 0
  return {
    reading: {
      ...{ identity, journeys, touchpoints, currency: today.currency },
      rulesOf: createRulesReader(today, kept),
      now: () => new Date(at(touches.length)),
    },
    keepRules: kept.keep,
    foldBy: async (rules: Rules) => {
      const deps: KeepDeps = {
        ...{ identity, journeys, touchpoints, rules, ...tellingTo(table('journeys')) },
        newId: () => `g${++generations}`,
        pause: async () => {},
        random: () => 0,
        onBroken: (_, error) => {
          throw error
        },
      }
      await keepJourneys([{ nodeId: personId, touches: [] }], deps)
    },
    customer: async (): Promise<Customer> => ({
      person,
      checkpoint: (await journeys.checkpoints([personId], true)).get(personId) ?? null,
    }),
  }
}
