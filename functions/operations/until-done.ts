import { retryDelayMs } from '../runtime/clock.ts'
import { type Pause, StoreBusyError } from '../store/dynamodb.ts'

export type RetryDeps = { pause: Pause; random: () => number }

const maxAttempts = 40

/** Reads, decides and writes until nothing has changed in between. `attempt` gives null if something has. */
export async function untilDone<T>(
  attempt: () => Promise<T | null>,
  { pause, random }: RetryDeps,
): Promise<T> {
  for (let tries = 0; tries < maxAttempts; tries++) {
    if (tries > 0) await pause(retryDelayMs(tries, random))
    const done = await attempt()
    if (done !== null) return done
  }
  throw new StoreBusyError('others kept changing the same persons')
}
