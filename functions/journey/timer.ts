import type { CheckpointWrite } from '../store/checkpoint.ts'
import type { TimerStore } from '../store/timers.ts'
import type { Journey } from './journey.ts'
import { silenceKey, type TellDeps } from './telling.ts'

export type TimerDeps = TellDeps & {
  timers: Pick<TimerStore, 'set'>
  quietMinutes: number
  now: () => Date
}

const minuteMs = 60_000
/** So long a fold that has read a checkpoint may take to write it: no timer for it may be due before that. */
export const marginMs = 5 * minuteMs
/** What should have been told long ago, as of back-filled history, waits so long: it is seldom the end of it. */
const graceMs = 30 * minuteMs

export type SilenceRules = Pick<TimerDeps, 'rules' | 'journeyEvents' | 'quietMinutes'>

/** When the journey will have been silent for too long to be open, in ms since 1970. */
export const abandonedAtMs = ({ prolongedAt }: Journey, { rules }: SilenceRules): number =>
  Date.parse(prolongedAt) + rules.model.abandonedAfterMs + 1

/** When the silence of a running journey is to be told of next, in ms since 1970; null: never. */
export function nextDueMs(running: Journey, toldSilence: string, rules: SilenceRules): number | null {
  const { journeyEvents, quietMinutes } = rules
  if (toldSilence === silenceKey('JourneyAbandoned', running)) return null
  const isQuietTold = toldSilence === silenceKey('QuietTime', running)
  const quietMs = Date.parse(running.prolongedAt) + quietMinutes * minuteMs
  const dues = [
    ...(journeyEvents.has('QuietTime') && !isQuietTold ? [quietMs] : []),
    ...(journeyEvents.has('JourneyAbandoned') ? [abandonedAtMs(running, rules)] : []),
  ]
  return dues.length > 0 ? Math.min(...dues) : null
}

/**
 * Sets a timer for everybody whose running journey has none that is due in time. It is set before the checkpoint says
 * so: one too many is harmless. A batch shares them, so that they cost next to nothing.
 * @param leastMs none goes off before that has passed
 */
export async function withTimers(
  writes: readonly CheckpointWrite[],
  deps: TimerDeps,
  leastMs = 0,
): Promise<CheckpointWrite[]> {
  const nowMs = deps.now().getTime()
  const due = new Map<number, string[]>()
  const timed = writes.map((write): CheckpointWrite => {
    const { checkpoint } = write
    const minute = minuteToSet(write, { nowMs, leastMs }, deps)
    if (minute === null) return write
    due.set(minute, [...(due.get(minute) ?? []), checkpoint.personId])
    return { ...write, checkpoint: { ...checkpoint, timerMinute: minute } }
  })
  await deps.timers.set([...due].map(([minute, personIds]) => ({ minute, personIds })))
  return timed
}

function minuteToSet(
  { checkpoint }: CheckpointWrite,
  { nowMs, leastMs }: { nowMs: number; leastMs: number },
  rules: SilenceRules,
): number | null {
  const { state, timerMinute, toldSilence } = checkpoint
  const dueMs = state?.running ? nextDueMs(state.running, toldSilence, rules) : null
  if (!state?.running || dueMs === null) return null
  const dueOrLaterMs = dueMs > nowMs ? Math.max(dueMs, nowMs + leastMs) : nowMs + graceMs
  const minute = roundedUp(dueOrLaterMs, dueMs - Date.parse(state.running.prolongedAt))
  const isPending = timerMinute * minuteMs > nowMs + marginMs && timerMinute <= minute
  return isPending ? null : minute
}

/** To a full minute, or to what a thousandth of the whole wait comes to: so the persons of a batch share a timer. */
function roundedUp(dueMs: number, waitMs: number): number {
  const grid = Math.max(1, Math.floor(waitMs / minuteMs / 1000))
  return Math.ceil(dueMs / minuteMs / grid) * grid
}

/** In which minute to look again at those of whom nothing can be said now. */
export const minuteAfterGrace = (now: Date): number => Math.ceil((now.getTime() + graceMs) / minuteMs)
