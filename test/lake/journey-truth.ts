import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import type { Journey } from '../../functions/journey/journey.ts'
import { journeyOf } from '../../functions/journey/membership.ts'
import { retail } from '../../functions/journey/model.ts'
import { showSummary } from '../../functions/journey/summary-view.ts'
import { comparePositions, sortTouches } from '../../functions/journey/touch.ts'
import { goneRow, journeyRow, type Step, toStep, touchKey } from '../../functions/lake/journey-row.ts'
import { microseconds, type Row } from '../../functions/lake/row.ts'
import { touchpointRow } from '../../functions/lake/touchpoint-row.ts'
import type { Told } from './journey-events.ts'

export const rules = { model: retail, currency: 'EUR' }

/** Whose journeys they are, and whether the person has any: that of a shared device has none. */
type Owner = { personId: string; kind?: 'person' | 'shared_device' }

/** What the fold makes of a person's touchpoints, and the rows that tell the lake of it. */
export function folded(told: readonly Told[], { personId, kind = 'person' }: Owner, now: Date) {
  const steps = sortTouches(told.map(toStep))
  const ledger = emptyLedger()
  const state = fold(emptyState, steps, ledger, { ...rules, journeys: kind === 'person' })
  const journeys = [...ledger.journeys.values(), ...(state.running ? [state.running] : [])].sort((a, b) =>
    comparePositions(a.start, b.start),
  )
  const homeOf = (step: Step): Journey | null =>
    kind === 'person' ? journeyOf(step, journeys, ledger.orders, retail) : null
  const membersOf = ({ journeyId }: Journey) => steps.filter((step) => homeOf(step)?.journeyId === journeyId)
  return {
    steps,
    journeys,
    homeOf,
    membersOf,
    summary: showSummary(state, now.toISOString(), rules),
    rows: (version: number): Row[] =>
      journeys.map((journey) => {
        const base =
          journey.start === state.running?.start ? state.runningBase : ledger.bases.get(journey.start)
        const isFirst = !base?.lastConverted
        const of = { journey, members: membersOf(journey), around: steps, isFirst, rules }
        return journeyRow(of, { personId, version, now })
      }),
    goneRows: (version: number, present: readonly Journey[] = []): Row[] =>
      journeys
        .filter(({ journeyId }) => present.every((one) => one.journeyId !== journeyId))
        .map((journey) =>
          goneRow({ ...journey, startKey: touchKey(journey.start) }, { personId, version, now }),
        ),
  }
}

/** @param delay in seconds, until it was stored */
export function touchpointRowOf(told: Told, delay = 2): Row {
  const receivedAt = new Date(Date.parse(told.time) + delay * 1000)
  return touchpointRow(told, { nodeId: told.nodeId || null, receivedAt, model: retail })
}

type Node = { node_id: string; person_id: string } & Partial<{
  kind: string
  customer_id: string
  loyalty_id: string
  household_id: string
  version: number
  /** In days since 2026. */
  day: number
}>

/** The row of identity_map. */
export function identityRow({ day = 0, ...node }: Node): Row {
  const nothing = { customer_id: null, loyalty_id: null, household_id: null }
  const changedAt = new Date(Date.UTC(2026, 0, 1 + day))
  return { ...nothing, kind: 'person', version: 1, ...node, changed_at: microseconds(changedAt) }
}
