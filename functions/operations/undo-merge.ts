import { readPerson } from '../customers/person.ts'
import { notFound } from '../http/problem.ts'
import type { Person } from '../identity/person.ts'
import { planUndo } from '../identity/undo.ts'
import type { IdentityStore, OperatorCause } from '../store/identity.ts'
import { type RetryDeps, untilDone } from './until-done.ts'

export type UndoDeps = RetryDeps & {
  identity: Pick<IdentityStore, 'persons' | 'undo'>
  now: () => Date
}

/**
 * Takes one connection of a person away (contract, Identity, rule 7). Undone before, it stays as it is.
 * @returns the persons of its two nodes, that of the id first; only one if they are joined by others since
 */
export async function undoMerge(
  personId: string,
  mergeId: string,
  cause: OperatorCause,
  deps: UndoDeps,
): Promise<Person[]> {
  return untilDone(async () => {
    const person = await readPerson(personId, deps.identity)
    const known = person.connections.find((connection) => connection.mergeId === mergeId)
    if (!known) throw notFound('the person has no merge with this id; GET …/merges lists those it has')
    if (known.undoneAt !== null) return personsOf([personId, ...known.nodes], deps)
    const undoing = planUndo(person, mergeId, deps.now().toISOString())
    if (!undoing) throw new Error('a merge in force can be undone')
    if ((await deps.identity.undo(undoing, cause)) === 'conflict') return null
    return undoing.after.toSorted((a, b) => Number(personId in b.nodes) - Number(personId in a.nodes))
  }, deps)
}

async function personsOf(nodeIds: readonly string[], { identity }: UndoDeps): Promise<Person[]> {
  const persons = await identity.persons(nodeIds)
  return [...new Map([...persons.values()].map((person) => [person.personId, person])).values()]
}
