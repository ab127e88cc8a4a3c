import {
  type Change,
  type Checkpoint,
  type CheckpointWrite,
  foldedFor,
  maxChanges,
  nothingTold,
  type Row,
} from '../store/checkpoint.ts'
import { type JourneyStore, readIntoLedger } from '../store/journeys.ts'
import { journeySort, lastCharacter } from '../store/keys.ts'
import type { TouchpointStore } from '../store/touchpoints.ts'
import {
  type Base,
  emptyBase,
  emptyLedger,
  emptyState,
  type FoldState,
  type Ledger,
  rulesKey,
  stateAt,
} from './fold-state.ts'
import { foldTelling, type Work } from './fold-telling.ts'
import {
  changedPart,
  copyOfLedger,
  earliestIn,
  partBefore,
  partFrom,
  readLedger,
  rowsByKey,
} from './ledger.ts'
import type { TellDeps } from './telling.ts'
import { comparePositions, sortTouches, type Touch, timeOfPosition, toTouch } from './touch.ts'

export type RefoldDeps = TellDeps & {
  journeys: JourneyStore
  touchpoints: Pick<TouchpointStore, 'history'>
  newId: () => string
}

/** Others are made up when they are needed; this one is written in one step with the checkpoint only. */
export const firstGeneration = '0'

/** Goes on from a checkpoint with news that is all later than its cursor. */
export async function foldOn(
  work: Work,
  before: Checkpoint & { state: FoldState },
  deps: RefoldDeps,
): Promise<CheckpointWrite> {
  const touches = sortTouches(work.touches)
  const { personId, generation, state } = before
  const { model } = deps.rules
  const stored = await readLedger(deps.journeys, personId, generation, touches, state, model)
  const ledger = copyOfLedger(stored)
  const next = foldTelling(state, touches, ledger, { ...work, before, deps })
  const rows = rowsByKey(changedPart(ledger, stored), generation)
  const changes = [...rows.values()].map((row) => ({ kind: 'set', row }) as const)
  if (changes.length > maxChanges) return rebuild(work, before, deps)
  return {
    checkpoint: { ...before, version: before.version + 1, state: next.state },
    before,
    changes,
    told: next.told,
  }
}

/**
 * Folds again, reading the touchpoints: from the start of the journey before `late`, a position, to the end of the
 * list. If what follows touches, or touched, an order or a journey from before that, the fold begins earlier, with
 * that: what is stored is either left alone or made anew as a whole.
 * @param gone nodes whose touchpoints are part of what is stored but belong to the person no more
 */
export async function refoldFrom(
  work: Work,
  before: Checkpoint & { state: FoldState },
  late: string,
  deps: RefoldDeps,
  gone: readonly string[] = [],
): Promise<CheckpointWrite> {
  const { person } = work
  const { generation } = before
  const { personId, topology } = person
  for (let position = late; ; ) {
    const { start, base } = await resumePoint(before, position, deps)
    if (start === null) return rebuild(work, before, deps)
    const touches = await touchesFrom(Object.keys(person.nodes), start, deps)
    const former = await touchesFrom(gone, start, deps)
    const all = [...touches, ...former]
    const stored = await readLedger(deps.journeys, personId, generation, all, base, deps.rules.model)
    const untouched = partBefore(stored, start)
    const torn = earliestIn(tornAt(untouched, start))
    if (torn !== null) {
      position = torn
      continue
    }
    const ledger = copyOfLedger(untouched)
    const next = foldTelling(stateAt(base), touches, ledger, { ...work, before, deps })
    const rebuilt = changedPart(ledger, untouched)
    const earliest = earliestIn(rebuilt)
    if (earliest !== null && comparePositions(earliest, start) < 0) {
      position = earliest
      continue
    }
    const rows = await deps.journeys.rowsBetween(
      personId,
      journeySort(generation, start),
      journeySort(generation, lastCharacter),
    )
    const old = partFrom(stored, start)
    const oldRows = [
      ...rowsByKey({ ...emptyLedger(), orders: old.orders, refunds: old.refunds }, generation).values(),
    ]
    const changes = difference([...rows, ...oldRows], rowsByKey(rebuilt, generation))
    if (changes.length > maxChanges) return rebuild(work, before, deps)
    const checkpoint = { ...before, version: before.version + 1, topology, state: next.state }
    return { checkpoint, before, changes, told: next.told }
  }
}

/** Folds all touchpoints of a person anew: the first time, and whenever its nodes are others than they were. */
export async function rebuild(
  work: Work,
  before: Checkpoint | null,
  deps: RefoldDeps,
): Promise<CheckpointWrite> {
  const { person } = work
  const { personId, topology } = person
  const touches = await touchesFrom(Object.keys(person.nodes), '', deps)
  const ledger = emptyLedger()
  const { state, told } = foldTelling(emptyState, touches, ledger, { ...work, before, deps })
  const version = (before?.version ?? 0) + 1
  const rules = rulesKey(deps.rules)
  const { timerMinute, toldSilence } = before ?? nothingTold
  const fields = { personId, version, topology, ...foldedFor(person), rules, timerMinute, toldSilence }
  const generation = before?.generation ?? firstGeneration
  const trash = before?.trash ?? []
  const rows = before
    ? await deps.journeys.rowsBetween(personId, `${generation}#`, `${generation}#${lastCharacter}`)
    : []
  const changes = difference(rows, rowsByKey(ledger, generation))
  if (changes.length <= maxChanges) {
    return { checkpoint: { ...fields, generation, trash, state }, before, changes, told }
  }
  // Too much for one transaction: written beside what is read now, it takes its place with the checkpoint.
  const next = deps.newId()
  await deps.journeys.insertRows(personId, [...rowsByKey(ledger, next).values()])
  const replaced = { generation: next, trash: [...trash, generation] }
  return { checkpoint: { ...fields, ...replaced, state }, before, changes: [], told }
}

/** What came to be before a position, but has something from after it: today that may belong elsewhere. */
function tornAt({ journeys, orders }: Ledger, position: string): Ledger {
  const isTorn = ({ last }: { last: string }) => comparePositions(last, position) >= 0
  return {
    ...emptyLedger(),
    journeys: new Map([...journeys].filter(([, journey]) => isTorn(journey))),
    orders: new Map([...orders].filter(([, order]) => isTorn(order))),
  }
}

/**
 * The last journey that started before a position, with where the fold stood then. One that starts right there will not
 * do: that what stands there found the one before it given up is news, too.
 */
async function resumePoint(
  { personId, generation, state }: Checkpoint & { state: FoldState },
  position: string,
  { journeys }: RefoldDeps,
): Promise<{ start: string | null; base: Base }> {
  const { running, runningBase } = state
  if (running && comparePositions(running.start, position) < 0) {
    return { start: running.start, base: runningBase ?? emptyBase }
  }
  const [from, to] = [journeySort(generation, ''), journeySort(generation, position)]
  const rows = await journeys.someRowsBetween(personId, from, to, { backwards: true, limit: 2 })
  const ledger = emptyLedger()
  readIntoLedger(rows, generation, ledger)
  const start = [...ledger.journeys.keys()].find((key) => comparePositions(key, position) < 0) ?? null
  return { start, base: (start !== null && ledger.bases.get(start)) || emptyBase }
}

async function touchesFrom(
  nodes: readonly string[],
  start: string,
  { touchpoints }: RefoldDeps,
): Promise<Touch[]> {
  const histories = await Promise.all(
    nodes.map((nodeId) => touchpoints.history(nodeId, start === '' ? '' : timeOfPosition(start))),
  )
  const touches = histories.flat().map(toTouch)
  return sortTouches(touches).filter(({ position }) => comparePositions(position, start) >= 0)
}

/** What turns the old rows into the new ones. */
function difference(oldRows: readonly Row[], newRows: ReadonlyMap<string, Row>): Change[] {
  const old = new Map(oldRows.map((row) => [row.sk, row]))
  const gone = [...old.keys()].filter((sk) => !newRows.has(sk))
  const changed = [...newRows.values()].filter((row) => {
    const before = old.get(row.sk)
    return before?.data !== row.data || before?.base !== row.base
  })
  return [
    ...gone.map((sk): Change => ({ kind: 'delete', row: { sk } })),
    ...changed.map((row): Change => ({ kind: 'put', row })),
  ]
}
