import fc from 'fast-check'
import { showJourney } from '../../functions/journey/view.ts'
import type { Row } from '../../functions/lake/row.ts'
import { historyOf } from '../lake/journey-events.ts'
import { folded, identityRow, rules, touchpointRowOf } from '../lake/journey-truth.ts'

/** People of two nodes each, who did anything that may happen: as the lake is told of them, and as the fold has them. */
export function randomPeople({ seed, count }: { seed: number; count: number }) {
  const now = new Date()
  const people = Array.from({ length: count }, (_, index) => {
    const nodes = [`p${index}`, `p${index}b`] as const
    const [told = []] = fc.sample(historyOf(nodes, now), { numRuns: 1, seed: seed * 1000 + index })
    return { nodes, told, truth: folded(told, { personId: nodes[0] }, now) }
  })
  const rows: Row[] = people.flatMap(({ nodes, told, truth }) => [
    ...told.map((one) => touchpointRowOf(one)),
    ...nodes.map((node_id) => identityRow({ node_id, person_id: nodes[0] })),
    ...truth.rows(1),
  ])
  return { rows, people, now }
}

/** Their journeys, each with its touchpoints in order and the place of the purchase among them; null: none. */
export function journeysOf({ people, now }: ReturnType<typeof randomPeople>) {
  return people.flatMap(({ told, truth }) => {
    const events = new Map(told.map((one) => [`${one.source} ${one.id}`, one]))
    return truth.journeys.map((journey) => {
      const members = truth.membersOf(journey)
      const purchaseAt = members.findIndex(({ position }) => position === journey.end)
      return {
        ...showJourney(journey, now.toISOString(), rules),
        steps: members.map((step) => ({
          ...step,
          phase: rules.model.phaseOf(step),
          feedback: events.get(`${step.source} ${step.id}`)?.feedback,
        })),
        purchaseAt: purchaseAt < 0 ? null : purchaseAt,
      }
    })
  })
}
