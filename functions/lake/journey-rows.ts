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
import type { TouchpointStore } from '../store/touchpoints.ts'
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
 * Tells the rows of `journey_log` for changes of persons. Changes only say which journeys to look at: what is told is
 * what is stored now, under the version that was read before it. So whatever is told later has a version that is not
 * lower and content that is not older, however often records come again.
 */
export async function createJourneyTeller(
  changed: ReadonlyMap<string, JourneyChanges>,
  deps: JourneyRowDeps,
) {
  const checkpoints = await readCheckpoints(changed, deps)
  const persons = await readPersons(checkpoints, deps)
  return async (personId: string, changes: JourneyChanges): Promise<Row[]> => {
    let checkpoint = checkpoints.get(personId)
    let person = persons.get(personId)
    for (let attempt = 1; ; attempt++) {
      if (!checkpoint || !person) return []
      const told = await tellPerson(changes, { checkpoint, person, deps })
      if (told.areComplete || attempt === maxAttempts) return told.rows
      await deps.pause(retryDelayMs(attempt, deps.random))
      checkpoint = (await deps.journeys.checkpoints([personId], true)).get(personId)
      person = (await deps.identity.persons([personId])).get(personId)
    }
  }
}

/** What may be a second old costs half: only where it is older than what is known already it is read again. */
async function readCheckpoints(changed: ReadonlyMap<string, JourneyChanges>, { journeys }: JourneyRowDeps) {
  const found = await journeys.checkpoints([...changed.keys()], false)
  const stale = [...changed].filter(
    ([personId, { version }]) => version === 0 || (found.get(personId)?.version ?? 0) < version,
  )
  if (stale.length === 0) return found
  const fresh = await journeys.checkpoints(
    stale.map(([personId]) => personId),
    true,
  )
  return new Map([...found, ...fresh])
}

/** The same: a person has to be at least as new as the one that its checkpoint was folded for. */
async function readPersons(checkpoints: ReadonlyMap<string, Checkpoint>, { identity }: JourneyRowDeps) {
  const found = await identity.personsAround([...checkpoints.keys()])
  const stale = [...checkpoints].filter(
    ([personId, { personVersion }]) => (found.get(personId)?.version ?? -1) < personVersion,
  )
  if (stale.length === 0) return found
  const fresh = await identity.persons(stale.map(([personId]) => personId))
  return new Map([...found, ...fresh])
}

/** A late touchpoint that is stored is folded within a second. */
const maxAttempts = 6

type Whose = { checkpoint: Checkpoint; person: Person; deps: JourneyRowDeps }
type Stored = { journey: Journey; base: Base | null }

/** The rows, and whether all steps are known: touchpoints may be read that are not folded yet. */
type Telling = { rows: Row[]; areComplete: boolean }

async function tellPerson({ seen, isAnew }: JourneyChanges, whose: Whose): Promise<Telling> {
  const { checkpoint, deps } = whose
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
  const told = await mapLimit([...current.values()], journeysAtOnce, async ({ journey, base }) => {
    const touched = await touchpointsOf({ journey, base }, rules, whose)
    const row = journeyRow({ journey, ...touched, isFirst: !base?.lastConverted, rules }, asOf)
    return { row, isComplete: touched.members !== null || journey.touchpointCount > mostSteps }
  })
  return {
    rows: [
      ...told.map(({ row }) => row),
      ...gone.map(({ journey }) => goneRow({ ...journey, startKey: touchKey(journey.start) }, asOf)),
    ],
    areComplete: told.every(({ isComplete }) => isComplete),
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
    current.set(journey.journeyId, { journey, base: ledger.bases.get(start) ?? null })
  const { running, runningBase } = state
  if (running && (isAnew || changed.some(({ start }) => start === running.start)))
    current.set(running.journeyId, { journey: running, base: runningBase })
  return current
}

type Touched = { members: readonly Step[] | null; around: readonly Step[] }

async function touchpointsOf({ journey, base }: Stored, rules: Rules, whose: Whose): Promise<Touched> {
  const since = new Date(Date.parse(journey.startedAt) - inheritanceMs).toISOString()
  const until = timeOfPosition(journey.last)
  const nodeIds = Object.keys(whose.person.nodes)
  // Nothing else is near: such reads of many persons go out together.
  if (journey.touchpointCount === 1 && nodeIds.length === 1 && (base?.summary.lastSeenAt ?? '') < since) {
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
  // More than its own would be those that belong to no journey or to another one.
  const around = await readSteps(whose, { from: since, to: until, backwards: false })
  return { members: await membersOf(journey, around, rules, whose), around }
}

async function membersOf(journey: Journey, around: readonly Step[], { model }: Rules, whose: Whose) {
  const within = around.filter(
    ({ position }) =>
      comparePositions(journey.start, position) <= 0 && comparePositions(position, journey.last) <= 0,
  )
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
  { person, deps }: Whose,
  { from, to, backwards }: { from: string; to: string; backwards: boolean },
): Promise<Step[]> {
  const range = {
    from: `T#${from}`,
    to: `T#${to}${lastCharacter}`,
    backwards,
    limit: backwards ? mostSteps : mostRead,
  }
  const read = await Promise.all(
    Object.keys(person.nodes).map((nodeId) => deps.touchpoints.some(nodeId, range)),
  )
  return sortTouches(read.flat().map(toStep))
}
