import type { Person } from '../identity/person.ts'
import type { Checkpoint } from '../store/checkpoint.ts'
import { fold } from './fold.ts'
import type { FoldRules, FoldState, Ledger } from './fold-state.ts'
import type { JourneyEvent } from './journey-event.ts'
import { eventsOfStep, type TellDeps } from './telling.ts'
import type { Touch } from './touch.ts'

/** A person and those of its touchpoints that are news: what they bring about is told. */
export type Work = { person: Person; touches: readonly Touch[] }

/** Folds, and says what came of the touches that are news; of all others it was told when they came. */
export function foldTelling(
  state: FoldState,
  touches: readonly Touch[],
  ledger: Ledger,
  { person, touches: news, before, deps }: Work & { before: Checkpoint | null; deps: TellDeps },
): { state: FoldState; told: JourneyEvent[] } {
  const { personId, kind } = person
  const keyOf = ({ nodeId, position }: Touch) => `${nodeId} ${position}`
  const keys = new Set(news.map(keyOf))
  const told: JourneyEvent[] = []
  const rules: FoldRules = {
    ...deps.rules,
    journeys: kind === 'person',
    onStep: (step) => {
      if (!keys.has(keyOf(step.touch))) return
      told.push(...eventsOfStep(personId, step, before?.toldSilence ?? '', deps))
    },
  }
  return { state: fold(state, touches, ledger, rules), told }
}
