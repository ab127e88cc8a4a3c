import type { Person } from '../identity/person.ts'
import { retryDelayMs } from '../runtime/clock.ts'
import { mapLimit } from '../runtime/concurrency.ts'
import { isStoreError } from '../runtime/errors.ts'
import {
  type Checkpoint,
  type CheckpointWrite,
  type Failure,
  foldedFor,
  untouched,
} from '../store/checkpoint.ts'
import { type Pause, StoreBusyError } from '../store/dynamodb.ts'
import type { IdentityStore } from '../store/identity.ts'
import { rulesKey } from './fold-state.ts'
import type { Work } from './fold-telling.ts'
import { nextWrite, noCheckpoint } from './next-write.ts'
import type { RefoldChangedDeps } from './refold-changed.ts'
import { hasRows, sweep } from './sweep.ts'
import { eventsOfMoves, type Move } from './telling.ts'
import { marginMs, type TimerDeps, withTimers } from './timer.ts'
import type { Touch } from './touch.ts'

export type KeepDeps = RefoldChangedDeps &
  TimerDeps & {
    identity: Pick<IdentityStore, 'persons'>
    pause: Pause
    random: () => number
    /** Told when a person's touchpoints cannot be folded: a bug of ours. */
    onBroken: (personId: string, error: unknown) => void
  }

/** What a batch of stream records says about one node: touchpoints inserted, or that its person changed. */
export type NodeNews = { nodeId: string; touches: Touch[]; moves?: readonly Move[] }

const maxAttempts = 40
/** Their reads go out together, see store/journeys.ts. */
const personsAtOnce = 100

/**
 * Keeps the stored journeys of everybody concerned equal to the fold of what is stored. Whoever reads a person
 * writes its checkpoint only if nobody else has since, else begins again; so consumers may run beside each other,
 * see records twice or out of order, and stop anywhere.
 * @param isSure whether already the first look must be a consistent one: nobody will ask again
 */
export async function keepJourneys(news: readonly NodeNews[], deps: KeepDeps, isSure = false): Promise<void> {
  let pending = news
  for (let attempt = 0; pending.length > 0; attempt++) {
    if (attempt === maxAttempts) throw new StoreBusyError('others kept writing the same journeys')
    if (attempt > 0) await deps.pause(retryDelayMs(attempt, deps.random))
    // The first look may be a stale one: it decides nothing but to look again.
    pending = await keepOnce(pending, isSure || attempt > 0, deps)
  }
}

async function keepOnce(news: readonly NodeNews[], consistent: boolean, deps: KeepDeps): Promise<NodeNews[]> {
  const persons = await deps.identity.persons(news.map(({ nodeId }) => nodeId))
  const works = workByPerson(news, persons)
  const absorbed = news.filter(({ nodeId }) => persons.get(nodeId)?.personId !== nodeId)
  const names = [...works.keys(), ...absorbed.map(({ nodeId }) => nodeId)]
  const checkpoints = await deps.journeys.checkpoints(names, consistent)
  const planned = await mapLimit([...works.values()], personsAtOnce, async (work) => {
    const checkpoint = checkpoints.get(work.person.personId) ?? null
    return { work, write: await planOrPark(work, checkpoint, consistent, deps) }
  })
  const emptied = await mapLimit(absorbed, personsAtOnce, async (node) => {
    const person = persons.get(node.nodeId)
    // A touchpoint under a node that is no root says nothing about the checkpoint that the node once had.
    if (!person || (node.touches.length > 0 && !node.moves?.length)) return null
    return emptyingOf(node, person, checkpoints.get(node.nodeId) ?? null, deps)
  })
  const due = planned.flatMap(({ write }) => (write === 'again' ? [] : (write ?? [])))
  const writes = [...(await withTimers(due, deps, marginMs)), ...emptied.flatMap((write) => write ?? [])]
  const conflicts = await commitOrPark(writes, deps)
  await Promise.all(writes.map((write) => sweep(write, conflicts.has(write.checkpoint.personId), deps)))
  const open = new Set(
    planned.flatMap(({ work, write }) => (write === 'again' ? [work.person.personId] : [])),
  )
  const left = news.filter(({ nodeId }) => {
    const personId = persons.get(nodeId)?.personId ?? nodeId
    return conflicts.has(personId) || conflicts.has(nodeId) || open.has(personId)
  })
  const done = new Set(emptied.flatMap((write) => write?.checkpoint.personId ?? []))
  // Of those moves it has been told, whatever is still to be done for the person that the node came to.
  return left.map((one) => (done.has(one.nodeId) && !conflicts.has(one.nodeId) ? { ...one, moves: [] } : one))
}

type PersonWork = Work & { touches: Touch[]; moves: readonly Move[] }

function workByPerson(
  news: readonly NodeNews[],
  persons: ReadonlyMap<string, Person>,
): Map<string, PersonWork> {
  const works = new Map<string, PersonWork>()
  for (const { nodeId, touches, moves = [] } of news) {
    const person = persons.get(nodeId)
    if (!person) continue
    const own = nodeId === person.personId ? moves : []
    const work = works.get(person.personId) ?? { person, touches: [], moves: [] }
    works.set(person.personId, {
      person,
      touches: [...work.touches, ...touches],
      moves: [...work.moves, ...own],
    })
  }
  return works
}

/**
 * A bug that one person's touchpoints meet must not hold up the others: that person is left as it is, marked so that
 * whatever comes next folds it from the start.
 */
async function planOrPark(
  work: PersonWork,
  before: Checkpoint | null,
  consistent: boolean,
  deps: KeepDeps,
): Promise<CheckpointWrite | 'again' | null> {
  const { personId } = work.person
  try {
    const planned = await nextWrite(work, before, consistent, deps)
    if (planned === 'again') return planned
    const moved = eventsOfMoves(personId, work.moves, deps)
    const write = planned ?? (before && moved.length > 0 ? untouched(before) : null)
    if (write === null) return null
    return {
      ...write,
      checkpoint: { ...write.checkpoint, ...foldedFor(work.person) },
      told: [...moved, ...(write.told ?? [])],
    }
  } catch (error) {
    if (isStoreError(error)) throw error
    // What was read in several steps, while somebody else wrote, may not fit together: that is no bug.
    const present = (await deps.journeys.checkpoints([personId], true)).get(personId) ?? null
    if (present?.version !== before?.version) return 'again'
    deps.onBroken(personId, error)
    return {
      ...parked(personId, foldedFor(work.person), before, deps),
      told: eventsOfMoves(personId, work.moves, deps),
    }
  }
}

/** It stays as it is, but is folded from the start next time. */
function parked(
  personId: string,
  person: Pick<Checkpoint, 'personVersion' | 'isAlone'>,
  before: Checkpoint | null,
  { rules }: KeepDeps,
): CheckpointWrite {
  const { version, ...stored } = before ?? noCheckpoint(personId, rules)
  return { checkpoint: { ...stored, version: version + 1, topology: 0, ...person }, before, changes: [] }
}

/** Whoever outgrows an item must not hold up the others, either. */
async function commitOrPark(
  writes: readonly CheckpointWrite[],
  deps: KeepDeps,
): Promise<ReadonlyMap<string, Failure>> {
  const failures = await deps.journeys.commit(writes)
  const unstorable = writes.filter(({ checkpoint }) => failures.get(checkpoint.personId) === 'invalid')
  if (unstorable.length === 0) return failures
  const instead = unstorable.map(({ checkpoint: { personId, personVersion, isAlone }, before }) => {
    deps.onBroken(personId, new RangeError('the store finds the checkpoint invalid'))
    return parked(personId, { personVersion, isAlone }, before, deps)
  })
  const again = await deps.journeys.commit(instead)
  if ([...again.values()].includes('invalid')) throw new Error('the store finds a parked checkpoint invalid')
  const conflicts = [...failures].filter(([, failure]) => failure === 'conflict')
  return new Map([...conflicts, ...again])
}

/** The checkpoint of a node that is part of another person. It stays, so that no late writer can begin a new one. */
async function emptyingOf(
  { nodeId, moves = [] }: NodeNews,
  person: Person,
  before: Checkpoint | null,
  deps: KeepDeps,
): Promise<CheckpointWrite | null> {
  const told = eventsOfMoves(nodeId, moves, deps)
  const isEmpty = before && !before.state && before.trash.length === 0 && before.topology >= person.topology
  if (isEmpty) return told.length > 0 ? { ...untouched(before), told } : null
  const { version, generation, trash, ...nothing } = before ?? noCheckpoint(nodeId, deps.rules)
  // Most are visitors who have bought nothing yet: nothing is left of them to be deleted afterwards.
  const leavesRows = before?.state && (await hasRows(nodeId, generation, deps))
  return {
    checkpoint: {
      ...nothing,
      version: version + 1,
      topology: person.topology,
      ...foldedFor(person),
      rules: rulesKey(deps.rules),
      generation: deps.newId(),
      trash: leavesRows ? [...trash, generation] : trash,
      state: null,
    },
    before,
    changes: [],
    told,
  }
}
