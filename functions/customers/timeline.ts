import { z } from 'zod'
import { pageParameters, readCursor, timeParameter, writeCursor } from '../http/request.ts'
import type { Person } from '../identity/person.ts'
import { emptyLedger } from '../journey/fold.ts'
import type { Journey } from '../journey/journey.ts'
import { journeyOf, journeysBefore } from '../journey/membership.ts'
import type { Model } from '../journey/model.ts'
import { comparePositions, toTouch, touchpointSortSchema } from '../journey/touch.ts'
import { type JourneyStore, readIntoLedger } from '../store/journeys.ts'
import { journeySort, lastCharacter, orderSort, touchpointSort } from '../store/keys.ts'
import type { StoredTouchpoint, TouchpointStore } from '../store/touchpoints.ts'
import { channels } from '../touchpoint/vocabulary.ts'
import { type Folded, type FoldedDeps, readFolded } from './folded.ts'
import { isPersonId } from './person.ts'

export const timelineParameters = ({ phases }: Model) => ({
  ...pageParameters,
  order: z.enum(['asc', 'desc']).default('desc'),
  channel: z.enum(channels).optional(),
  type: z.string().optional(),
  phase: z.enum(phases).optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
})
export type TimelineRequest = z.output<z.ZodObject<ReturnType<typeof timelineParameters>>>

export type TimelineDeps = { touchpoints: Pick<TouchpointStore, 'some'>; journeys: JourneyStore }

/** Where a page ended: a sort key, and the node it lies under. */
const cursorSchema = z.object({ sort: touchpointSortSchema, nodeId: z.string().refine(isPersonId) })
type Cursor = z.infer<typeof cursorSchema>

/** So many touchpoints are looked at for a page at most; a rare filter then gives a short page with a cursor. */
const lookedAt = 2_000

/** A person's touchpoints by time; those of all its nodes as one list. */
export function listTimeline(person: Person, request: TimelineRequest, deps: TimelineDeps & FoldedDeps) {
  return readFolded(person.personId, deps, (folded, { model }) =>
    readTimeline(person, request, { folded, model, ...deps }),
  )
}

type Reading = TimelineDeps & { folded: Folded | null; model: Model }

async function readTimeline(person: Person, request: TimelineRequest, deps: Reading) {
  const backwards = request.order === 'desc'
  const found: StoredTouchpoint[] = []
  let after = readCursor(request.cursor, cursorSchema)
  let seen = 0
  let isEnd = false
  while (found.length <= request.limit && !isEnd && seen < lookedAt) {
    const page = await readPage(person, after, request, deps)
    seen += page.length
    isEnd = page.length < request.limit + 1
    found.push(...page.filter((touchpoint) => passes(touchpoint, request, deps.model)))
    const last = page.at(-1)
    if (last) after = cursorAt(last)
  }
  const shown = found.slice(0, request.limit)
  const last = shown.at(-1)
  const next = found.length > request.limit && last ? cursorAt(last) : isEnd ? null : after
  const journeys = await journeysOf(person.personId, shown, deps)
  return {
    items: shown.map((touchpoint) => showTouchpoint(touchpoint, journeys, deps.model)),
    nextCursor: next ? writeCursor(next) : null,
  }

  async function readPage(
    { nodes }: Person,
    start: Cursor | null,
    { from, to, limit }: TimelineRequest,
    { touchpoints }: TimelineDeps,
  ): Promise<StoredTouchpoint[]> {
    const earliest = `T#${from ?? ''}`
    const latest = `T#${to ?? ''}${lastCharacter}`
    const range = {
      from: !backwards && start && start.sort > earliest ? start.sort : earliest,
      to: backwards && start && start.sort < latest ? start.sort : latest,
      backwards,
      // The one where the last page ended is read again.
      limit: limit + 2,
    }
    if (comparePositions(range.from, range.to) > 0) return []
    const pages = await Promise.all(Object.keys(nodes).map((nodeId) => touchpoints.some(nodeId, range)))
    const sign = backwards ? -1 : 1
    return pages
      .flat()
      .filter((touchpoint) => !start || sign * compare(cursorAt(touchpoint), start) > 0)
      .sort((a, b) => sign * compare(cursorAt(a), cursorAt(b)))
      .slice(0, limit + 1)
  }
}

const cursorAt = (touchpoint: StoredTouchpoint): Cursor => ({
  sort: touchpointSort(touchpoint),
  nodeId: touchpoint.nodeId,
})

function compare(a: Cursor, b: Cursor): number {
  return comparePositions(a.sort, b.sort) || comparePositions(a.nodeId, b.nodeId)
}

function passes(touchpoint: StoredTouchpoint, request: TimelineRequest, { phaseOf }: Model): boolean {
  const { channel, type, phase } = request
  if (channel !== undefined && touchpoint.channel !== channel) return false
  if (type !== undefined && touchpoint.type !== type) return false
  return phase === undefined || phaseOf(toTouch(touchpoint)) === phase
}

type Journeys = { journeys: Journey[]; orders: Parameters<typeof journeyOf>[2] }

/** The journeys that these touchpoints may belong to, in order. */
async function journeysOf(
  personId: string,
  touchpoints: readonly StoredTouchpoint[],
  { folded, model, journeys: store }: Reading,
): Promise<Journeys> {
  const positions = touchpoints.map((touchpoint) => toTouch(touchpoint).position).sort(comparePositions)
  const [first] = positions
  const last = positions.at(-1)
  const ledger = emptyLedger()
  if (!folded || first === undefined || last === undefined) return { journeys: [], orders: ledger.orders }
  const { generation, state } = folded
  const sort = (position: string) => journeySort(generation, position)
  const numbers = touchpoints.flatMap((touchpoint) => toTouch(touchpoint).order?.id ?? [])
  const rows = await Promise.all([
    store.rowsBetween(personId, sort(first), sort(last)),
    store.someRowsBetween(personId, sort(''), sort(first), { backwards: true, limit: journeysBefore(model) }),
    store.rows(
      personId,
      numbers.map((orderId) => orderSort(generation, orderId)),
    ),
  ])
  readIntoLedger(rows.flat(), generation, ledger)
  const ofOrders = [...ledger.orders.values()].flatMap(({ journey }) =>
    journey === null ? [] : [sort(journey)],
  )
  readIntoLedger(await store.rows(personId, ofOrders), generation, ledger)
  const { running } = state
  const all =
    running && !ledger.journeys.has(running.start)
      ? [...ledger.journeys.values(), running]
      : ledger.journeys.values()
  return { journeys: [...all].sort((a, b) => comparePositions(a.start, b.start)), orders: ledger.orders }
}

function showTouchpoint(touchpoint: StoredTouchpoint, { journeys, orders }: Journeys, model: Model) {
  const { nodeId: _, fingerprint: __, offsetMinutes: ___, id, source, time, ...rest } = touchpoint
  const touch = toTouch(touchpoint)
  return {
    id,
    source,
    time,
    ...rest,
    phase: model.phaseOf(touch),
    journeyId: journeyOf(touch, journeys, orders, model)?.journeyId ?? null,
  }
}
