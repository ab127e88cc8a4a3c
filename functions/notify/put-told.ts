import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { retryDelayMs } from '../runtime/clock.ts'
import { type Pause, StoreBusyError } from '../store/dynamodb.ts'
import type { Told } from './told.ts'

export type PutDeps = {
  eventBridge: EventBridgeClient
  pause: Pause
  random: () => number
  /** Told of what cannot go out, however often it is tried: a bug of ours. */
  onUntold: (sequenceNumber: string, error: unknown) => void
}

const maxAttempts = 8

/** EventBridge finds fault with the entry itself (API Reference, PutEventsResultEntry). */
const refusals = new Set(['MalformedDetail', 'InvalidArgument'])

/**
 * Puts the entries of one request on the bus, each at least once; those that it does not take are sent again.
 * @throws StoreBusyError, or what the request fails with: the same later may succeed
 */
export async function putTold(request: readonly Told[], deps: PutDeps): Promise<void> {
  let pending = request
  for (let attempt = 0; pending.length > 0; attempt++) {
    if (attempt === maxAttempts) throw new StoreBusyError('the event bus does not take the entries')
    if (attempt > 0) await deps.pause(retryDelayMs(attempt, deps.random))
    pending = await putOnce(pending, deps)
  }
}

async function putOnce(request: readonly Told[], { eventBridge, onUntold }: PutDeps): Promise<Told[]> {
  const command = new PutEventsCommand({ Entries: request.map(({ entry }) => entry) })
  const { Entries: results = [] } = await eventBridge.send(command)
  return request.filter(({ sequenceNumber }, index) => {
    const { EventId, ErrorCode = '' } = results[index] ?? {}
    const isRefused = refusals.has(ErrorCode)
    if (isRefused) onUntold(sequenceNumber, refusal(ErrorCode))
    return !isRefused && EventId === undefined
  })
}

const refusal = (code: string): Error =>
  Object.assign(new Error(`EventBridge refuses an entry: ${code}`), { code })
