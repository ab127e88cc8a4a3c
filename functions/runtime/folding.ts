import { announceRules, type RefoldAllDeps } from '../journey/refold-all.ts'
import type { SilenceDeps } from '../journey/silence.ts'
import { createIdentityStore } from '../store/identity.ts'
import { createJourneyStore } from '../store/journeys.ts'
import { createRefoldProgressStore } from '../store/refold-progress.ts'
import { createRulesStore } from '../store/rules.ts'
import { createTimerStore } from '../store/timers.ts'
import { createTouchpointStore } from '../store/touchpoints.ts'
import { createDynamoDB, table } from './clients.ts'
import { createIdGenerator, now, pause } from './clock.ts'
import { configuredModel } from './configured-model.ts'
import { environment } from './environment.ts'
import { loggable, logger } from './telemetry.ts'

/** Everything that folding takes, and telling of it, for the functions that do it. */
export async function foldingDependencies(): Promise<RefoldAllDeps & SilenceDeps> {
  const dynamodb = createDynamoDB()
  const journeysTable = table(dynamodb, environment.journeysTable())
  const { currency, journeyEvents, quietMinutes } = environment.settings()
  const rules = { model: configuredModel(), currency }
  const newId = createIdGenerator(now)
  const progress = createRefoldProgressStore(journeysTable)
  await Promise.all([createRulesStore(journeysTable).keep(rules), announceRules(rules, progress)])
  return {
    identity: createIdentityStore(table(dynamodb, environment.identityTable())),
    touchpoints: createTouchpointStore(table(dynamodb, environment.touchpointsTable())),
    journeys: createJourneyStore(journeysTable),
    progress,
    timers: createTimerStore(journeysTable, newId),
    rules,
    journeyEvents: new Set(journeyEvents),
    quietMinutes,
    newId,
    now,
    pause,
    random: Math.random,
    onBroken: (personId, error) => logger.error('cannot be folded', { personId, error: loggable(error) }),
  }
}
