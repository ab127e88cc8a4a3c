import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { showSummary } from '../../functions/journey/summary-view.ts'
import { comparePositions, sortTouches, type Touch, toTouch } from '../../functions/journey/touch.ts'
import { showJourney } from '../../functions/journey/view.ts'

export const rules = { model: retail, currency: 'EUR', journeys: true }

export const dayMs = 86_400_000
const start = Date.UTC(2026, 0, 1)

/** The moment so many days after the first of January 2026. */
export const at = (days: number, ms = 0): string => new Date(start + days * dayMs + ms).toISOString()

let made = 0

type Fields = Record<string, unknown> & { items?: readonly object[] }

/** A touchpoint on the web; each has an id of its own, rising. */
export function touch(time: string, type: string, { items, ...fields }: Fields = {}): Touch {
  const id = String(++made).padStart(6, '0')
  return toTouch({
    id,
    source: 's',
    time,
    channel: 'web',
    type,
    nodeId: 'n',
    fingerprint: `f${id}`,
    ...fields,
    ...(items && { items: items.map((item) => ({ sku: 'any', ...item })) }),
  })
}

export const purchase = (time: string, id: string | null, total?: number, fields = {}) =>
  touch(time, 'purchase', { order: { ...(id && { id }), ...(total !== undefined && { total }) }, ...fields })

export const refund = (time: string, order: Record<string, unknown>, fields = {}) =>
  touch(time, 'refund', { order, ...fields })

/** What a person's touchpoints, in whatever order they are given, come to. */
export function tell(touches: readonly Touch[], now = at(1000), model = retail) {
  const ledger = emptyLedger()
  const by = { ...rules, model }
  const state = fold(emptyState, sortTouches(touches), ledger, by)
  const journeys = [...ledger.journeys.values(), ...(state.running ? [state.running] : [])]
    .sort((a, b) => comparePositions(a.start, b.start))
    .map((journey) => showJourney(journey, now, by))
  return { journeys, summary: showSummary(state, now, by) }
}
