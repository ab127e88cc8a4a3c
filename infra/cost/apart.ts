import { eventsOf, type Line } from './line.ts'
import type { Demand } from './load.ts'
import { lakeBytes, storedBytes, toldPerEvent } from './measured.ts'
import { prices } from './prices.ts'

/** A night: statements of upkeep and of analyses, of which each reads at least 10 MB. */
const statementsOfNight = 90
/** Transitions of the state machines, for each statement. */
const transitions = 6
const nights = 30
/** What is not yet rewritten into large files reads as much again as the least. */
const bytesOfStatement = 20e6
const alarms = 63
const tokenHours = 24

/** What is not counted with the events: it depends on what else is asked for, or is there without any event. */
export function apartOf(demand: Demand): Line[] {
  const events = eventsOf(demand)
  const gigabytes = Object.values(storedBytes).reduce((sum, bytes) => sum + (bytes * events) / 1e9, 0)
  const { dynamodb, s3, cloudWatch, cognito } = prices
  return [
    {
      what: 'storage: tables with recovery, for each month of events kept',
      quantity: gigabytes,
      unit: 'GB-months',
      price: dynamodb.gigabyteMonth + dynamodb.recoveryGigabyteMonth,
    },
    {
      what: 'storage: lake, for each month of events kept',
      quantity: (lakeBytes * events) / 1e9,
      unit: 'GB-months',
      price: s3.gigabyteMonth,
    },
    {
      what: 'HTTP API, for each million requests',
      quantity: 1,
      unit: 'million',
      price: prices.httpApi.millionRequests,
    },
    {
      what: 'EventBridge, what is told by default',
      quantity: (toldPerEvent * events) / 1e6,
      unit: 'million',
      price: prices.eventBridge.millionEvents,
    },
    {
      what: 'every night: Athena',
      quantity: (statementsOfNight * nights * bytesOfStatement) / 1e12,
      unit: 'TB',
      price: prices.athena.terabyte,
    },
    {
      what: 'every night: Step Functions',
      quantity: (statementsOfNight * nights * transitions) / 1000,
      unit: 'thousand',
      price: prices.stepFunctions.thousandTransitions,
    },
    { what: 'fixed: key', quantity: 1, unit: 'key', price: prices.kms.keyMonth },
    { what: 'fixed: secret', quantity: 1, unit: 'secret', price: prices.secretsManager.secretMonth },
    { what: 'fixed: dashboard', quantity: 1, unit: 'dashboard', price: cloudWatch.dashboardMonth },
    { what: 'fixed: alarms', quantity: alarms, unit: 'alarm metrics', price: cloudWatch.alarmMonth },
    {
      what: 'Cognito, for each machine client',
      quantity: 1,
      unit: 'client',
      price: cognito.machineClientMonth,
    },
    {
      what: 'Cognito, its tokens of a day each',
      quantity: (nights * 24) / tokenHours / 1000,
      unit: 'thousand',
      price: cognito.thousandTokens,
    },
  ]
}
