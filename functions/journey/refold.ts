import type { Person } from '../identity/person.ts'
import {
  type Change,
  type Checkpoint,
  type CheckpointWrite,
  maxChanges,
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
  type FoldRules,
  type FoldState,
  fold,
  type Ledger,
  type Rules,
  rulesKey,
  stateAt,
} from './fold.ts'
import {
  changedPart,
  copyOfLedger,
  earliestIn,
  partBefore,
  partFrom,
  readLedger,
  rowsByKey,
} from './ledger.ts'
import { comparePositions, sortTouches, type Touch, timeOfPosition, toTouch } from './touch.ts'

export type RefoldDeps = {
  journeys: JourneyStore
  touchpoints: Pick<TouchpointStore, 'history'>
  rules: Rules
  newId: () => string
}

/** Others are made up when they are needed; this one is written in one step with the checkpoint only. */
export const firstGeneration = '0'

const foldRules = (person: Person, rules: Rules): FoldRules => ({
  ...rules,
  journeys: person.kind === 'person',
})

/** Goes on from a checkpoint with touches that are all later than its cursor. */
export async function foldOn(
  person: Person,
  before: Checkpoint & { state: FoldState },
  touches: readonly Touch[],
  deps: RefoldDeps,
): Promise<CheckpointWrite> {
  const { personId, generation, state } = before
  const { model } = deps.rules
  const stored = await readLedger(deps.journeys, personId, generation, touches, state, model)
  const ledger = copyOfLedger(stored)
  const next = fold(state, touches, ledger, foldRules(person, deps.rules))
  const rows = rowsByKey(changedPart(ledger, stored), generation)
  const changes = [...rows.values()].map((row) => ({ kind: 'set', row }) as const)
  if (changes.length > maxChanges) return rebuild(person, before, deps)
  return { checkpoint: { ...before, version: before.version + 1, state: next }, before, changes }
}

/**
 * Folds again, reading the touchpoints: from the start of the journey before `late`, a position, to the end of the
 * list. If what follows touches, or touched, an order or a journey from before that, the fold begins earlier, with
 * that: what is stored is either left alone or made anew as a whole.
 * @param gone nodes whose touchpoints are part of what is stored but belong to the person no more
 */
export async function refoldFrom(
  person: Person,
  before: Checkpoint & { state: FoldState },
  late: string,
  deps: RefoldDeps,
  gone: readonly string[] = [],
): Promise<CheckpointWrite> {
  const { generation } = before
  const { personId, topology } = person
  for (let position = late; ; ) {
    const { start, base } = await resumePoint(before, position, deps)
    if (start === null) return rebuild(person, before, deps)
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
    const next = fold(stateAt(base), touches, ledger, foldRules(person, deps.rules))
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
    if (changes.length > maxChanges) return rebuild(person, before, deps)
    const checkpoint = { ...before, version: before.version + 1, topology, state: next }
    return { checkpoint, before, changes }
  }
}

/** Folds all touchpoints of a person anew: the first time, and whenever its nodes are others than they were. */
export async function rebuild(
  person: Person,
  before: Checkpoint | null,
  deps: RefoldDeps,
): Promise<CheckpointWrite> {
  const { personId, topology, version: personVersion } = person
  const touches = await touchesFrom(Object.keys(person.nodes), '', deps)
  const ledger = emptyLedger()
  const state = fold(emptyState, touches, ledger, foldRules(person, deps.rules))
  const version = (before?.version ?? 0) + 1
  const rules = rulesKey(deps.rules)
  const fields = { personId, version, topology, personVersion, rules }
  const generation = before?.generation ?? firstGeneration
  const trash = before?.trash ?? []
  const rows = before
    ? await deps.journeys.rowsBetween(personId, `${generation}#`, `${generation}#${lastCharacter}`)
    : []
  const changes = difference(rows, rowsByKey(ledger, generation))
  if (changes.length <= maxChanges) {
    return { checkpoint: { ...fields, generation, trash, state }, before, changes }
  }
  // Too much for one transaction: written beside what is read now, it takes its place with the checkpoint.
  const next = deps.newId()
  await deps.journeys.insertRows(personId, [...rowsByKey(ledger, next).values()])
  const replaced = { generation: next, trash: [...trash, generation] }
  return { checkpoint: { ...fields, ...replaced, state }, before, changes: [] }
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

/** The last journey that started at or before a position, with where the fold stood then. */
async function resumePoint(
  { personId, generation, state }: Checkpoint & { state: FoldState },
  position: string,
  { journeys }: RefoldDeps,
): Promise<{ start: string | null; base: Base }> {
  const { running, runningBase } = state
  if (running && comparePositions(running.start, position) <= 0) {
    return { start: running.start, base: runningBase ?? emptyBase }
  }
  const [from, to] = [journeySort(generation, ''), journeySort(generation, position)]
  const rows = await journeys.someRowsBetween(personId, from, to, { backwards: true, limit: 1 })
  const ledger = emptyLedger()
  readIntoLedger(rows, generation, ledger)
  const [start = null] = ledger.journeys.keys()
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
