import type { RulesReader } from '../customers/folded.ts'
import { readPageJourneys } from '../customers/timeline-journeys.ts'
import type { Person } from '../identity/person.ts'
import { type Base, emptyLedger, type Rules } from '../journey/fold-state.ts'
import type { Journey } from '../journey/journey.ts'
import { journeyOf } from '../journey/membership.ts'
import { comparePositions, eventOfPosition, sortTouches, timeOfPosition } from '../journey/touch.ts'
import { retryDelayMs } from '../runtime/clock.ts'
import { mapLimit } from '../runtime/concurrency.ts'
import type { Checkpoint } from '../store/checkpoint.ts'
import type { Pause } from '../store/dynamodb.ts'
import type { IdentityStore } from '../store/identity.ts'
import { type JourneyStore, readIntoLedger } from '../store/journeys.ts'
import { journeySort, lastCharacter, touchpointItem } from '../store/keys.ts'
import type { TouchpointRange, TouchpointStore } from '../store/touchpoints.ts'
import type { JourneyChanges } from './journey-changes.ts'
import {
  goneRow,
  inheritanceMs,
  journeyRow,
  type RowVersion,
  type Step,
  toStep,
  touchKey,
} from './journey-row.ts'
import type { Row } from './row.ts'

export type JourneyRowDeps = {
  identity: Pick<IdentityStore, 'persons' | 'personsAround'>
  touchpoints: Pick<TouchpointStore, 'some' | 'at'>
  journeys: JourneyStore
  rulesOf: RulesReader
  now: () => Date
  pause: Pause
  random: () => number
}

const journeysAtOnce = 10
/** Of a journey with more touchpoints only the first and the last are read. */
const mostSteps = 500

/**
 * Tells the rows of `journey_log` for changes of persons: what the fold made, as the last change left it, with the
 * touchpoints that are stored now. So whatever is told later has a version that is not lower and content that is not
 * older, however often records come again; what has changed since is told when its own change comes.
 */
export async function createJourneyTeller(
  changed: ReadonlyMap<string, JourneyChanges>,
  deps: JourneyRowDeps,
) {
  const checkpoints = await readCheckpoints(changed, deps)
  const persons = await readPersons(checkpoints, deps)
  return async (personId: string, changes: JourneyChanges): Promise<Row[]> => {
    let checkpoint = checkpoints.get(personId)
    let nodeIds = checkpoint && nodesOf(checkpoint, persons)
    let isNow = changes.checkpoint === null
    for (let attempt = 1; ; attempt++) {
      if (!checkpoint || !nodeIds) return []
      const told = await tellPerson(changes, { checkpoint, nodeIds, isNow, deps })
      if (told.areComplete || attempt === maxAttempts) return told.rows
      await deps.pause(retryDelayMs(attempt, deps.random))
      checkpoint = (await deps.journeys.checkpoints([personId], true)).get(personId)
      nodeIds = checkpoint && nodesOf(checkpoint, await deps.identity.persons([personId]))
      isNow = true
    }
  }
}

/** They came with the changes; of persons of whom only a journey or order changed in this batch they are read. */
async function readCheckpoints(changed: ReadonlyMap<string, JourneyChanges>, { journeys }: JourneyRowDeps) {
  const known = [...changed].flatMap(([personId, { checkpoint }]) =>
    checkpoint ? [[personId, checkpoint] as const] : [],
  )
  const checkpoints = new Map(known)
  const others = [...changed.keys()].filter((personId) => !checkpoints.has(personId))
  return new Map([...checkpoints, ...(await journeys.checkpoints(others, true))])
}

/**
 * Those with several nodes. What may be a second old costs half: only where it is older than the person that the
 * checkpoint was folded for it is read again.
 */
async function readPersons(checkpoints: ReadonlyMap<string, Checkpoint>, { identity }: JourneyRowDeps) {
  const several = [...checkpoints.values()].filter(({ isAlone, state }) => !isAlone && state)
  const found = await identity.personsAround(several.map(({ personId }) => personId))
  const stale = several.filter(
    ({ personId, personVersion }) => (found.get(personId)?.version ?? -1) < personVersion,
  )
  const fresh = await identity.persons(stale.map(({ personId }) => personId))
  return new Map([...found, ...fresh])
}

/** Under which the touchpoints are stored that were folded; null: nobody is there any more. */
function nodesOf({ personId, isAlone, state }: Checkpoint, persons: ReadonlyMap<string, Person>) {
  if (isAlone || !state) return [personId]
  const person = persons.get(personId)
  return person ? Object.keys(person.nodes) : null
}

/** A late touchpoint that is stored is folded within a second. */
const maxAttempts = 6

type Whose = {
  checkpoint: Checkpoint
  nodeIds: readonly string[]
  /** Whether the checkpoint was read just now; else it is how a change left it. */
  isNow: boolean
  deps: JourneyRowDeps
}
type Stored = {
  journey: Journey
  base: Base | null
  /** Whether it is known for certain that all that was folded since its start belongs to it. */
  isUndivided: boolean
}

/** The rows, and whether they are for certain as of that checkpoint: else there is a newer one, or will be. */
type Telling = { rows: Row[]; areComplete: boolean }

async function tellPerson({ seen, isAnew }: JourneyChanges, whose: Whose): Promise<Telling> {
  const { checkpoint, isNow, deps } = whose
  const { personId, version, generation } = checkpoint
  // What is written beside what is in use is told when it comes into use.
  const changed = [...seen.values()].filter(
    ({ writtenFor }) => writtenFor === null || writtenFor === generation,
  )
  const current = await currentJourneys(
    changed.map(({ journey }) => journey),
    isAnew,
    whose,
  )
  const asOf: RowVersion = { personId, version, now: deps.now() }
  const gone = changed.filter(({ journey: { journeyId } }) => !current.has(journeyId))
  const rules = await deps.rulesOf(checkpoint.rules)
  const told = await mapLimit([...current.values()], journeysAtOnce, async (stored) => {
    const { journey, base } = stored
    const touched = await touchpointsOf(stored, rules, whose)
    const row = journeyRow({ journey, ...touched, isFirst: !base?.lastConverted, rules }, asOf)
    return { row, isComplete: touched.members !== null || journey.touchpointCount > mostSteps }
  })
  return {
    rows: [
      ...told.map(({ row }) => row),
      ...gone.map(({ journey }) => goneRow({ ...journey, startKey: touchKey(journey.start) }, asOf)),
    ],
    areComplete: told.every(({ isComplete }) => isComplete) && (isNow || gone.length === 0),
  }
}

/** Those of the changed journeys that there still are, by their id; all, if all were made anew. */
async function currentJourneys(changed: readonly Journey[], isAnew: boolean, { checkpoint, deps }: Whose) {
  const { personId, generation, state } = checkpoint
  const current = new Map<string, Stored>()
  // A person that is part of another one now has none: the other tells of them.
  if (!state) return current
  const sort = (position: string) => journeySort(generation, position)
  const starts = [...new Set(changed.map(({ start }) => start))].filter(
    (start) => start !== state.running?.start,
  )
  const rows = isAnew
    ? await deps.journeys.rowsBetween(personId, sort(''), sort(lastCharacter))
    : starts.length > 0
      ? await deps.journeys.rows(personId, starts.map(sort))
      : []
  const ledger = emptyLedger()
  readIntoLedger(rows, generation, ledger)
  for (const [start, journey] of ledger.journeys)
    current.set(journey.journeyId, { journey, base: ledger.bases.get(start) ?? null, isUndivided: false })
  const { running, runningBase: base, summary } = state
  if (running && (isAnew || changed.some(({ start }) => start === running.start))) {
    const sinceStart = summary.touchpointCount - (base?.summary.touchpointCount ?? 0)
    const isUndivided = sinceStart === running.touchpointCount
    current.set(running.journeyId, { journey: running, base, isUndivided })
  }
  return current
}

type Touched = { members: readonly Step[] | null; around: readonly Step[] }

async function touchpointsOf(stored: Stored, rules: Rules, whose: Whose): Promise<Touched> {
  const { journey, base, isUndivided } = stored
  const since = new Date(Date.parse(journey.startedAt) - inheritanceMs).toISOString()
  const until = timeOfPosition(journey.last)
  const { nodeIds } = whose
  // Nothing else is near: all that its row needs are its own.
  const isApart = (base?.summary.lastSeenAt ?? '') < since
  // Such reads of many persons go out together.
  if (isApart && journey.touchpointCount === 1 && nodeIds.length === 1) {
    const keys = nodeIds.map((nodeId) => touchpointItem(nodeId, eventOfPosition(journey.start)))
    const [only] = (await whose.deps.touchpoints.at(keys)).map(toStep)
    if (only?.position === journey.start) return { members: [only], around: [only] }
  }
  if (journey.touchpointCount > mostSteps) {
    const first = await readSteps(whose, { from: since, to: journey.startedAt, backwards: true })
    const end = timeOfPosition(journey.end ?? journey.last)
    const last = await readSteps(whose, { from: since, to: end, backwards: true })
    return { members: null, around: sortTouches([...first, ...last]) }
  }
  const range = { from: since, to: until, backwards: false }
  // What costs half may miss what was stored in the last second. All that it finds was folded, or will be, and then the
  // journey is told again: so if it finds as many as were folded, and all of them are of this journey, it misses none.
  if (isApart && isUndivided) {
    const within = stepsWithin(journey, await readSteps(whose, { ...range, consistent: false }))
    if (within.length === journey.touchpointCount) return { members: within, around: within }
  }
  // More than its own would be those that belong to no journey or to another one.
  const around = await readSteps(whose, range)
  return { members: await membersOf(journey, around, rules, whose), around }
}

const stepsWithin = ({ start, last }: Journey, steps: readonly Step[]): Step[] =>
  steps.filter(
    ({ position }) => comparePositions(start, position) <= 0 && comparePositions(position, last) <= 0,
  )

async function membersOf(journey: Journey, around: readonly Step[], { model }: Rules, whose: Whose) {
  const within = stepsWithin(journey, around)
  // All its touchpoints lie between its first and its last: if as many do, they are all its own.
  if (within.length === journey.touchpointCount) return within
  const { checkpoint, deps } = whose
  const { personId, generation, state } = checkpoint
  const folded = state && { generation, state }
  const known = await readPageJourneys(personId, within, { folded, model, journeys: deps.journeys })
  const members = within.filter(
    (step) => journeyOf(step, known.journeys, known.orders, model)?.journeyId === journey.journeyId,
  )
  // Others than were folded: one is not folded yet, or has expired.
  return members.length === journey.touchpointCount ? members : null
}

const mostRead = 4 * mostSteps

async function readSteps(
  { nodeIds, deps }: Whose,
  { from, to, backwards, consistent }: Pick<TouchpointRange, 'from' | 'to' | 'backwards' | 'consistent'>,
): Promise<Step[]> {
  const range = {
    from: `T#${from}`,
    to: `T#${to}${lastCharacter}`,
    backwards,
    ...(consistent !== undefined && { consistent }),
    limit: backwards ? mostSteps : mostRead,
  }
  const read = await Promise.all(nodeIds.map((nodeId) => deps.touchpoints.some(nodeId, range)))
  return sortTouches(read.flat().map(toStep))
}
