import type { Person } from '../identity/person.ts'
import { retryDelayMs } from '../runtime/clock.ts'
import { mapLimit } from '../runtime/concurrency.ts'
import { isStoreError } from '../runtime/errors.ts'
import type { Checkpoint, CheckpointWrite } from '../store/checkpoint.ts'
import { type Pause, StoreBusyError } from '../store/dynamodb.ts'
import type { IdentityStore } from '../store/identity.ts'
import { emptyState, type FoldState, rulesKey } from './fold.ts'
import { firstGeneration, foldOn, rebuild, refoldFrom } from './refold.ts'
import { type RefoldChangedDeps, refoldChanged } from './refold-changed.ts'
import { sweep } from './sweep.ts'
import { comparePositions, sortTouches, type Touch } from './touch.ts'

export type KeepDeps = RefoldChangedDeps & {
  identity: Pick<IdentityStore, 'persons'>
  pause: Pause
  random: () => number
  /** Told when a person's touchpoints cannot be folded: a bug of ours. */
  onBroken: (personId: string, error: unknown) => void
}

/** What a batch of stream records says about one node: touchpoints inserted, or that its person changed. */
export type NodeNews = { nodeId: string; touches: Touch[] }

type Work = { person: Person; touches: Touch[] }

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
  const emptied = absorbed.flatMap(({ nodeId, touches }) => {
    const person = persons.get(nodeId)
    // A touchpoint under a node that is no root says nothing about the checkpoint that the node once had.
    if (!person || touches.length > 0) return []
    return emptyingOf(nodeId, person, checkpoints.get(nodeId) ?? null, deps) ?? []
  })
  const writes = [...planned.flatMap(({ write }) => (write === 'again' ? [] : (write ?? []))), ...emptied]
  const conflicts = await deps.journeys.commit(writes)
  await Promise.all(writes.map((write) => sweep(write, conflicts.has(write.checkpoint.personId), deps)))
  const open = new Set(
    planned.flatMap(({ work, write }) => (write === 'again' ? [work.person.personId] : [])),
  )
  return news.filter(({ nodeId }) => {
    const personId = persons.get(nodeId)?.personId ?? nodeId
    return conflicts.has(personId) || conflicts.has(nodeId) || open.has(personId)
  })
}

function workByPerson(news: readonly NodeNews[], persons: ReadonlyMap<string, Person>): Map<string, Work> {
  const works = new Map<string, Work>()
  for (const { nodeId, touches } of news) {
    const person = persons.get(nodeId)
    if (!person) continue
    const work = works.get(person.personId)
    if (work) work.touches.push(...touches)
    else works.set(person.personId, { person, touches: [...touches] })
  }
  return works
}

/**
 * A bug that one person's touchpoints meet must not hold up the others: that person is left as it is, marked so that
 * whatever comes next folds it from the start.
 */
async function planOrPark(
  work: Work,
  before: Checkpoint | null,
  consistent: boolean,
  deps: KeepDeps,
): Promise<CheckpointWrite | 'again' | null> {
  try {
    const write = await planWrite(work, before, consistent, deps)
    if (write === null || write === 'again') return write
    return { ...write, checkpoint: { ...write.checkpoint, personVersion: work.person.version } }
  } catch (error) {
    if (isStoreError(error)) throw error
    const { personId } = work.person
    // What was read in several steps, while somebody else wrote, may not fit together: that is no bug.
    const present = (await deps.journeys.checkpoints([personId], true)).get(personId) ?? null
    if (present?.version !== before?.version) return 'again'
    deps.onBroken(personId, error)
    const rules = rulesKey(deps.rules)
    const personVersion = work.person.version
    const nothing = {
      personId,
      version: 0,
      personVersion,
      rules,
      generation: firstGeneration,
      trash: [],
      state: null,
    }
    const parked = { ...(before ?? nothing), version: (before?.version ?? 0) + 1, topology: 0 }
    return { checkpoint: parked, before, changes: [] }
  }
}

/** What to write for a person; null: all is there already; `again`: look again, consistently. */
async function planWrite(
  { person, touches }: Work,
  before: Checkpoint | null,
  consistent: boolean,
  deps: KeepDeps,
): Promise<CheckpointWrite | 'again' | null> {
  if (before && before.personVersion > person.version) return 'again'
  const sorted = sortTouches(touches)
  const [first] = sorted
  // Nobody has folded a person that has no checkpoint and never met another: it begins with these touchpoints.
  if (!before && person.topology === 1 && first) return beginning(person, sorted, deps)
  // What was folded by other rules, as before a deployment, is no beginning to go on from.
  const state = before?.rules === rulesKey(deps.rules) ? before.state : null
  if (before && state && before.topology === person.topology) {
    const known = { ...before, state }
    if (!first) return null
    if (comparePositions(first.position, state.cursor) > 0) return foldOn(person, known, sorted, deps)
    return consistent
      ? unlessSame(await refoldFrom(person, known, first.position, deps), known.state)
      : 'again'
  }
  if (before && (!consistent || before.topology > person.topology)) return 'again'
  if (before && state && before.topology === person.change?.from) {
    const change = { changed: person.change.nodes, late: first?.position ?? null }
    return refoldChanged(person, { ...before, state }, change, deps)
  }
  return rebuild(person, before, deps)
}

async function beginning(
  { personId, topology, ...person }: Person,
  touches: readonly Touch[],
  deps: KeepDeps,
): Promise<CheckpointWrite> {
  const nothing = {
    personId,
    version: 0,
    topology,
    personVersion: 0,
    rules: rulesKey(deps.rules),
    generation: firstGeneration,
    trash: [],
    state: emptyState,
  }
  return { ...(await foldOn({ personId, topology, ...person }, nothing, touches, deps)), before: null }
}

function unlessSame(write: CheckpointWrite, state: FoldState): CheckpointWrite | null {
  const { checkpoint, before, changes } = write
  const isSame =
    changes.length === 0 &&
    checkpoint.topology === before?.topology &&
    checkpoint.generation === before.generation &&
    JSON.stringify(checkpoint.state) === JSON.stringify(state)
  return isSame ? null : write
}

/** The checkpoint of a node that is part of another person. It stays, so that no late writer can begin a new one. */
function emptyingOf(
  nodeId: string,
  person: Person,
  before: Checkpoint | null,
  { newId, rules }: KeepDeps,
): CheckpointWrite | null {
  if (before && !before.state && before.trash.length === 0 && before.topology >= person.topology) return null
  const trash = before?.state ? [...before.trash, before.generation] : (before?.trash ?? [])
  return {
    checkpoint: {
      personId: nodeId,
      version: (before?.version ?? 0) + 1,
      topology: person.topology,
      personVersion: person.version,
      rules: rulesKey(rules),
      generation: newId(),
      trash,
      state: null,
    },
    before,
    changes: [],
  }
}
