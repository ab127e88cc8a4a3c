import * as z from 'zod'
import { isPersonId, readPerson } from '../customers/person.ts'
import { badRequest, conflict, notFound } from '../http/problem.ts'
import { emptyPlan } from '../identity/draft.ts'
import { maxNodes, mergePersons, type Person, succeed } from '../identity/person.ts'
import type { Plan } from '../identity/plan.ts'
import type { IdentityStore, OperatorCause } from '../store/identity.ts'
import { type RetryDeps, untilDone } from './until-done.ts'

const reasonText = 'why, in 1 to 500 characters'
export const reasonField = z.string(reasonText).min(1, reasonText).max(500, reasonText)
export const mergeSchema = z.strictObject(
  {
    with: z.string('the id of a person').refine(isPersonId, 'the id of a person: 20 letters and digits'),
    reason: reasonField,
  },
  'send {"with": personId, "reason"}',
)

export type MergeDeps = RetryDeps & {
  identity: Pick<IdentityStore, 'persons' | 'apply'>
  newId: () => string
  now: () => Date
}

/** The person after, and the merge that connects the two; null if they had become one in another way. */
type Merged = { person: Person; mergeId: string | null }

/** Joins two persons by hand, whatever the rules say but for the number of nodes (contract, Identity, rule 7). */
export async function mergeByHand(
  personId: string,
  otherId: string,
  cause: OperatorCause,
  deps: MergeDeps,
): Promise<Merged> {
  if (personId === otherId) throw badRequest('with names the person itself; name another one')
  return untilDone(async () => {
    const persons = await deps.identity.persons([personId, otherId].filter(isPersonId))
    const person = await readPerson(personId, { persons: async () => persons })
    const other = persons.get(otherId)
    if (!other) throw notFound('there is no person with the id in with')
    if (person.personId === other.personId) return { person, mergeId: null }
    const plan = planMergeByHand(person, other, deps.newId)
    const [merge] = plan.merges
    const outcome = await deps.identity.apply(plan, [], cause, deps.now())
    return outcome === 'done' && plan.person && merge ? { person: plan.person, mergeId: merge.mergeId } : null
  }, deps)
}

/** Connects the oldest nodes of two persons. Throws a problem that says what stands in the way. */
export function planMergeByHand(a: Person, b: Person, newId: () => string): Plan {
  if (a.kind === 'shared_device' || b.kind === 'shared_device')
    throw conflict('the neutral person of a shared device is never joined; lift its mark instead')
  const count = Object.keys(a.nodes).length + Object.keys(b.nodes).length
  if (count > maxNodes)
    throw conflict(`the two have ${count} nodes together; a person has at most ${maxNodes}`)
  const nodes = [a.personId, b.personId] as const
  const mergeId = newId()
  const merged = mergePersons(a, b, { mergeId, nodes, undoneAt: null })
  const merges = [{ mergeId, nodes, rule: 'operator' }]
  return { ...emptyPlan, home: a.personId, person: succeed(merged, [a, b]), replaced: [a, b], merges }
}
