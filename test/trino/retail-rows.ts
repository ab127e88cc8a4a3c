import type { Person } from '../../functions/identity/person.ts'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState, type Rules } from '../../functions/journey/fold-state.ts'
import type { Journey } from '../../functions/journey/journey.ts'
import { sortTouches } from '../../functions/journey/touch.ts'
import { goneRow, journeyRow, type Step, toStep, touchKey } from '../../functions/lake/journey-row.ts'
import { microseconds, type Row } from '../../functions/lake/row.ts'
import { touchpointRow } from '../../functions/lake/touchpoint-row.ts'
import { createEventSchema } from '../../functions/touchpoint/event.ts'
import { dayMs } from '../../infra/demo/calendar.ts'
import { createRetailWorld } from '../../infra/demo/world.ts'
import { createSequentialWorld, type StoredEvent, settings } from '../identity/sequential.ts'
import { campaignRows, quarantineRows } from './other-rows.ts'
import { unusualEvents } from './unusual-events.ts'

const weekMs = 7 * dayMs
const weeks = 9

type World = ReturnType<typeof createSequentialWorld>

/**
 * What the lake of a small retailer holds, as `publish` puts it there: nine weeks that end in the last one, so that
 * some journeys are still open. The rows are the same every time, but for their days.
 */
export function retailRows(rules: Rules, now: Date): Row[] {
  const start = new Date((Math.floor(now.getTime() / weekMs) - weeks) * weekMs)
  const until = new Date(start.getTime() + weeks * weekMs)
  const retail = createRetailWorld({ seed: 11, customers: 130, days: weeks * 7, start, until })
  const schema = createEventSchema(settings)
  const events = [...retail.events, ...unusualEvents(start)].map((sent) => schema.parse(sent))
  const world = createSequentialWorld()
  const half = Math.floor(events.length / 2)
  for (const event of events.slice(0, half)) world.send(event)
  const middle = asOf(world, { version: 1, now: new Date(start.getTime() + (weeks * weekMs) / 2), rules })
  for (const event of events.slice(half)) world.send(event)
  undoSome(world)
  const end = asOf(world, { version: 2, now: until, rules })
  const gone = journeysGone(middle.journeys, end, until)
  return [
    ...touchpointRows(world, rules),
    ...middle.rows,
    ...end.rows,
    ...gone,
    ...quarantineRows(world.quarantined, start),
    ...campaignRows(start),
  ]
}

/** Some rows come twice, the later time of storage shows it or not: delivery is at least once. */
function touchpointRows(world: World, { model }: Rules): Row[] {
  const nobodys = world.nobodys.map((event) => ({ event, nodeId: null, fingerprint: '' }))
  return [...world.stored(), ...nobodys].flatMap(({ event, nodeId, fingerprint }, at) => {
    const receivedAt = new Date(Date.parse(event.time) + 2_000)
    const stored = { ...event, nodeId: nodeId ?? '', fingerprint }
    const row = touchpointRow(stored, { nodeId, receivedAt, model })
    if (at % 17 > 0) return [row]
    return [row, at % 2 ? row : { ...row, received_at: microseconds(receivedAt) + 90_000_000 }]
  })
}

type Moment = { version: number; now: Date; rules: Rules }
type Told = { journey: Journey; personId: string }

/** The rows of all persons as they are now, and their journeys. */
function asOf(world: World, moment: Moment) {
  const byNode = Map.groupBy(world.stored(), ({ nodeId }) => nodeId)
  const rows: Row[] = []
  const journeys = new Map<string, Told>()
  for (const person of world.persons()) {
    const stored = Object.keys(person.nodes).flatMap((nodeId) => byNode.get(nodeId) ?? [])
    rows.push(...identityRows(person, moment))
    for (const { journey, row } of journeysOf(person, stored, moment)) {
      rows.push(row)
      journeys.set(`${person.personId} ${journey.journeyId}`, { journey, personId: person.personId })
    }
  }
  return { rows, journeys }
}

function identityRows({ personId, kind, nodes }: Person, { version, now }: Moment): Row[] {
  return Object.keys(nodes).map((nodeId) => ({
    node_id: nodeId,
    person_id: personId,
    kind,
    customer_id: Number(nodeId) % 3 ? null : `C-${nodeId}`,
    loyalty_id: Number(nodeId) % 4 ? null : `L-${nodeId}`,
    household_id: Number(nodeId) % 10 ? null : `household-${Number(nodeId) % 20}`,
    version,
    changed_at: microseconds(now),
  }))
}

/** More than so many are not told in a row; fewer than in truth, so that it happens here, too. */
const mostSteps = 40

function journeysOf(person: Person, stored: readonly StoredEvent[], { version, now, rules }: Moment) {
  const around = sortTouches(
    stored.map(({ event, nodeId, fingerprint }) => toStep({ ...event, nodeId, fingerprint })),
  )
  const ledger = emptyLedger()
  const members = new Map<string, Step[]>()
  const stepAt = new Map(around.map((step) => [step.position, step]))
  const state = fold(emptyState, around, ledger, {
    ...rules,
    journeys: person.kind === 'person',
    onStep: ({ touch, after }) => {
      const step = stepAt.get(touch.position)
      if (after && step) members.set(after.journeyId, [...(members.get(after.journeyId) ?? []), step])
    },
  })
  const { running, runningBase } = state
  const ended = [...ledger.journeys.values()].map((journey) => ({
    journey,
    base: ledger.bases.get(journey.start),
  }))
  return [...ended, ...(running ? [{ journey: running, base: runningBase }] : [])].map(
    ({ journey, base }) => {
      const own = members.get(journey.journeyId) ?? []
      const isFirst = !base?.lastConverted
      const told = { journey, members: own.length > mostSteps ? null : own, around, isFirst, rules }
      return { journey, row: journeyRow(told, { personId: person.personId, version, now }) }
    },
  )
}

function journeysGone(
  before: ReadonlyMap<string, Told>,
  { journeys: after }: { journeys: ReadonlyMap<string, Told> },
  now: Date,
): Row[] {
  return [...before]
    .filter(([key]) => !after.has(key))
    .map(([, { journey, personId }]) =>
      goneRow({ ...journey, startKey: touchKey(journey.start) }, { personId, version: 2, now }),
    )
}

/** Of every third person that was merged the first merge. */
function undoSome(world: World): void {
  const merged = world.persons().filter(({ connections }) => connections.length > 0)
  for (const [at, person] of merged.entries()) {
    const [first] = person.connections
    if (at % 3 === 0 && first) world.undo(person, first.mergeId)
  }
}
