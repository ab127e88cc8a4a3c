import { announceRules, type RefoldAllDeps } from '../journey/refold-all.ts'
import { createIdentityStore } from '../store/identity.ts'
import { createJourneyStore } from '../store/journeys.ts'
import { createRefoldProgressStore } from '../store/refold-progress.ts'
import { createRulesStore } from '../store/rules.ts'
import { createTouchpointStore } from '../store/touchpoints.ts'
import { createDynamoDB, table } from './clients.ts'
import { createIdGenerator, now, pause } from './clock.ts'
import { configuredModel } from './configured-model.ts'
import { environment } from './environment.ts'
import { loggable, logger } from './telemetry.ts'

/** Everything that folding takes, for the functions that do it. */
export async function foldingDependencies(): Promise<RefoldAllDeps> {
  const dynamodb = createDynamoDB()
  const journeysTable = table(dynamodb, environment.journeysTable())
  const rules = { model: configuredModel(), currency: environment.settings().currency }
  const progress = createRefoldProgressStore(journeysTable)
  await Promise.all([createRulesStore(journeysTable).keep(rules), announceRules(rules, progress)])
  return {
    identity: createIdentityStore(table(dynamodb, environment.identityTable())),
    touchpoints: createTouchpointStore(table(dynamodb, environment.touchpointsTable())),
    journeys: createJourneyStore(journeysTable),
    progress,
    rules,
    newId: createIdGenerator(now),
    pause,
    random: Math.random,
    onBroken: (personId, error) => logger.error('cannot be folded', { personId, error: loggable(error) }),
  }
}
