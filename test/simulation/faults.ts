import type { Random } from '../../infra/demo/random.ts'
import type { Chance, StatementFault } from './request.ts'

/** Probabilities, each 0 unless given. */
export type Faults = {
  /** By request: the process dies before the store sees it. */
  crashBefore?: number
  /** By request: the process dies when the store has done it, in batches also half-way. */
  crashAfter?: number
  throttle?: number
  /** By request: it takes effect, the reply is lost and the SDK gives up. */
  timeoutDone?: number
  timeoutNotDone?: number
  /** By request: it takes effect, the reply is lost and the SDK sends it again. */
  repeat?: number
  /** By item of a batch: other requests come between it and the next. */
  torn?: number
  /** By eventually consistent read. */
  stale?: number
  /** By item of BatchGetItem and BatchWriteItem. */
  unprocessed?: number
  /** By statement of BatchExecuteStatement. */
  statement?: number
  /** By item of a transaction, and by single write. */
  contention?: number
}

const requestFaults = [
  'crashBefore',
  'crashAfter',
  'throttle',
  'timeoutDone',
  'timeoutNotDone',
  'repeat',
] as const
export type RequestFault = (typeof requestFaults)[number]

export type Misfortune = Chance & {
  requestFault(): RequestFault | undefined
  isTorn(): boolean
}

const longestLag = 4
const statementCodes = ['ThrottlingError', 'ProvisionedThroughputExceeded', 'InternalServerError'] as const

/** At most `limit` faults, so that what gives up after some tries can still end. */
export function createMisfortune(random: Random, faults: Faults, limit: number): Misfortune {
  let left = limit
  const strikes = (probability = 0): boolean => {
    if (left === 0 || !random.chance(probability)) return false
    left -= 1
    return true
  }
  const statementFault = (): StatementFault | undefined => {
    if (!strikes(faults.statement)) return undefined
    const code = statementCodes[random.below(statementCodes.length)] ?? 'InternalServerError'
    return { code, isDone: code === 'InternalServerError' && random.chance(0.5) }
  }
  return {
    requestFault: () => requestFaults.find((fault) => strikes(faults[fault])),
    isTorn: () => random.chance(faults.torn ?? 0),
    lag: () => (strikes(faults.stale) ? 1 + random.below(longestLag) : 0),
    isUnprocessed: () => strikes(faults.unprocessed),
    isContended: () => strikes(faults.contention),
    statementFault,
  }
}

const transientNames = [
  'TimeoutError',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'InternalServerError',
  'TransactionConflictException',
]

/** Whether an error comes from a fault that a later try can do without, itself or by one of its causes. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const isConflict =
    error.name === 'TransactionCanceledException' && error.message.includes('TransactionConflict')
  return transientNames.includes(error.name) || isConflict || isTransient(error.cause)
}
