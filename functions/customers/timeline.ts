import * as z from 'zod'
import { countThatFits, pageOf, pageParameters, readCursor, timeParameter } from '../http/page.ts'
import type { Person } from '../identity/person.ts'
import { journeyOf } from '../journey/membership.ts'
import type { Model } from '../journey/model.ts'
import { comparePositions, type Touch, toTouch, touchpointSortSchema } from '../journey/touch.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { lastCharacter, touchpointSort } from '../store/keys.ts'
import type { StoredTouchpoint, TouchpointStore } from '../store/touchpoints.ts'
import { channels } from '../touchpoint/vocabulary.ts'
import type { Customer } from './customer.ts'
import { type Folded, type FoldedDeps, readFolded } from './folded.ts'
import { isPersonId } from './person.ts'
import { type PageJourneys, readPageJourneys } from './timeline-journeys.ts'

export const timelineQuery = ({ phases }: Model) =>
  z.object({
    ...pageParameters,
    order: z.enum(['asc', 'desc']).default('desc'),
    channel: z.enum(channels).optional(),
    type: z.string().optional(),
    phase: z.enum(phases).optional(),
    from: timeParameter.optional(),
    to: timeParameter.optional(),
  })
export type TimelineRequest = z.output<ReturnType<typeof timelineQuery>>

export type TimelineDeps = { touchpoints: Pick<TouchpointStore, 'some'>; journeys: JourneyStore }

/** Where a page ended: a sort key, and the node it lies under. */
const cursorSchema = z.object({ sort: touchpointSortSchema, nodeId: z.string().refine(isPersonId) })
type Cursor = z.infer<typeof cursorSchema>

/** So many touchpoints are looked at for a page at most; a rare filter then gives a short page with a cursor. */
const lookedAt = 2_000
/** So many are read at once: each may have 256 KB. */
const readAtOnce = 100

/** A person's touchpoints by time; those of all its nodes as one list. */
export function listTimeline(
  { person, checkpoint }: Customer,
  request: TimelineRequest,
  deps: TimelineDeps & FoldedDeps,
) {
  return readFolded({ personId: person.personId, checkpoint }, deps, (folded, { model }) =>
    readTimeline(person, request, { folded, model, ...deps }),
  )
}

type Reading = TimelineDeps & { folded: Folded | null; model: Model }
type Found = { item: StoredTouchpoint; touch: Touch; position: Cursor }

async function readTimeline(person: Person, request: TimelineRequest, deps: Reading) {
  const { limit } = request
  const pageSize = isFiltered(request) ? readAtOnce : Math.min(limit, readAtOnce)
  const found: Found[] = []
  let after = readCursor(request.cursor, cursorSchema)
  let seen = 0
  let isEnd = false
  while (found.length <= limit && !isEnd && seen < lookedAt && countThatFits(found) === found.length) {
    const page = await readPage(person, after, { ...request, limit: pageSize }, deps)
    seen += page.length
    isEnd = page.length <= pageSize
    found.push(...page.filter((one) => passes(one, request, deps.model)))
    after = page.at(-1)?.position ?? after
  }
  const shown = found.slice(0, limit)
  const touches = shown.map(({ touch }) => touch)
  const journeys = await readPageJourneys(person.personId, touches, deps)
  const entries = shown.map((one) => ({
    item: showTouchpoint(one, journeys, deps.model),
    position: one.position,
  }))
  const last = found.length > limit ? shown.at(-1) : undefined
  return pageOf(entries, { limit, goesOnAt: last?.position ?? (isEnd ? null : after) })
}

async function readPage(
  { nodes }: Person,
  start: Cursor | null,
  { order, from, to, limit }: TimelineRequest,
  { touchpoints }: TimelineDeps,
): Promise<Found[]> {
  const backwards = order === 'desc'
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
    .map((item) => ({ item, position: cursorAt(item) }))
    .filter(({ position }) => !start || sign * compare(position, start) > 0)
    .sort((a, b) => sign * compare(a.position, b.position))
    .slice(0, limit + 1)
    .map((one) => ({ ...one, touch: toTouch(one.item) }))
}

const cursorAt = (touchpoint: StoredTouchpoint): Cursor => ({
  sort: touchpointSort(touchpoint),
  nodeId: touchpoint.nodeId,
})

function compare(a: Cursor, b: Cursor): number {
  return comparePositions(a.sort, b.sort) || comparePositions(a.nodeId, b.nodeId)
}

const isFiltered = ({ channel, type, phase }: TimelineRequest): boolean =>
  channel !== undefined || type !== undefined || phase !== undefined

function passes({ touch }: Found, request: TimelineRequest, { phaseOf }: Model): boolean {
  const { channel, type, phase } = request
  if (channel !== undefined && touch.channel !== channel) return false
  if (type !== undefined && touch.type !== type) return false
  return phase === undefined || phaseOf(touch) === phase
}

function showTouchpoint({ item, touch }: Found, { journeys, orders }: PageJourneys, model: Model) {
  const { nodeId: _, fingerprint: __, offsetMinutes: ___, id, source, time, ...rest } = item
  return {
    id,
    source,
    time,
    ...rest,
    phase: model.phaseOf(touch),
    journeyId: journeyOf(touch, journeys, orders, model)?.journeyId ?? null,
  }
}
