import type { Person } from '../../functions/identity/person.ts'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { showSummary } from '../../functions/journey/summary-view.ts'
import { sortTouches, toTouch } from '../../functions/journey/touch.ts'
import { showJourney } from '../../functions/journey/view.ts'
import type { StoredEvent } from '../identity/sequential.ts'

export const foldRulesOf = (person: Pick<Person, 'kind'>, model = retail) => ({
  model,
  currency: 'EUR',
  journeys: person.kind === 'person',
})

/** The pure function: a person's journeys and summary from all its touchpoints. */
export function told(person: Person, events: readonly StoredEvent[], now: string) {
  const touches = sortTouches(
    events
      .filter(({ nodeId }) => nodeId in person.nodes)
      .map(({ event, nodeId, fingerprint }) => toTouch({ ...event, nodeId, fingerprint })),
  )
  const ledger = emptyLedger()
  const rules = foldRulesOf(person)
  const state = fold(emptyState, touches, ledger, rules)
  const ended = [...ledger.journeys.values()]
  const all = state.running ? [...ended, state.running] : ended
  return {
    touches,
    journeys: all
      .sort((a, b) => (a.start < b.start ? -1 : 1))
      .map((journey) => showJourney(journey, now, rules)),
    summary: showSummary(state, now, rules),
  }
}
