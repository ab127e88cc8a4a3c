import { retryDelayMs } from '../runtime/clock.ts'
import { type Checkpoint, type CheckpointWrite, untouched } from '../store/checkpoint.ts'
import { type Pause, StoreBusyError } from '../store/dynamodb.ts'
import type { JourneyStore } from '../store/journeys.ts'
import type { TimerStore } from '../store/timers.ts'
import { rulesKey } from './fold-state.ts'
import { eventOfSilence, type Silence, silenceKey } from './telling.ts'
import { abandonedAtMs, minuteAfterGrace, nextDueMs, type TimerDeps, withTimers } from './timer.ts'

export type SilenceDeps = TimerDeps & {
  timers: TimerStore
  journeys: Pick<JourneyStore, 'checkpoints' | 'commit'>
  pause: Pause
  random: () => number
}

const maxAttempts = 20

/**
 * Tells of the journeys that have gone quiet: looks at the persons whose timers are due, and at nobody else.
 * A timer is deleted when all that it is for is done, so whatever stops in between is done again.
 * @returns how many were told of
 */
export async function tellOfSilence(deps: SilenceDeps, hasTime: () => boolean): Promise<number> {
  let count = 0
  for await (const timers of deps.timers.due(deps.now())) {
    count += await ring([...new Set(timers.flatMap(({ personIds }) => personIds))], deps)
    await deps.timers.remove(timers)
    if (!hasTime()) break
  }
  return count
}

async function ring(personIds: readonly string[], deps: SilenceDeps): Promise<number> {
  let count = 0
  let pending = personIds
  for (let attempt = 0; pending.length > 0; attempt++) {
    if (attempt === maxAttempts) throw new StoreBusyError('others kept writing the same journeys')
    if (attempt > 0) await deps.pause(retryDelayMs(attempt, deps.random))
    const checkpoints = [...(await deps.journeys.checkpoints(pending, true)).values()]
    const silent = checkpoints.flatMap((checkpoint) => writeOfSilence(checkpoint, deps) ?? [])
    const told = new Set(silent.map(({ checkpoint }) => checkpoint.personId))
    const others = checkpoints.filter(({ personId }) => !told.has(personId))
    // Who is heard of again sets a timer of its own, so the checkpoint need not know of this one.
    await withTimers(others.filter((checkpoint) => isToday(checkpoint, deps)).map(untouched), deps)
    // Two deployments may be at work: what one of them cannot judge by its rules the other can.
    const foreign = others.filter((checkpoint) => checkpoint.state?.running && !isToday(checkpoint, deps))
    const personIdsLater = foreign.map(({ personId }) => personId)
    if (foreign.length > 0)
      await deps.timers.set([{ minute: minuteAfterGrace(deps.now()), personIds: personIdsLater }])
    const conflicts = await deps.journeys.commit(await withTimers(silent, deps))
    count += silent.length - conflicts.size
    pending = [...conflicts.keys()]
  }
  return count
}

/** What was folded by other rules has to be judged by them. */
const isToday = ({ rules }: Checkpoint, deps: SilenceDeps) => rules === rulesKey(deps.rules)

function writeOfSilence(before: Checkpoint, deps: SilenceDeps): CheckpointWrite | null {
  const { personId, state, toldSilence } = before
  if (!state?.running || !isToday(before, deps)) return null
  const nowMs = deps.now().getTime()
  const dueMs = nextDueMs(state.running, toldSilence, deps)
  if (dueMs === null || dueMs > nowMs) return null
  const isAbandoned =
    abandonedAtMs(state.running, deps) <= nowMs && deps.journeyEvents.has('JourneyAbandoned')
  const name: Silence = isAbandoned ? 'JourneyAbandoned' : 'QuietTime'
  const told = [eventOfSilence(personId, name, { running: state.running, cart: state.cart }, deps)]
  const { checkpoint, ...write } = untouched(before)
  return { ...write, checkpoint: { ...checkpoint, toldSilence: silenceKey(name, state.running) }, told }
}
