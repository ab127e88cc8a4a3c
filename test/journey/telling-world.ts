import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Rules } from '../../functions/journey/fold-state.ts'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { type JourneyEventName, journeyEventNames } from '../../functions/journey/journey-event-names.ts'
import { type KeepDeps, keepJourneys, type NodeNews } from '../../functions/journey/keep.ts'
import { retail } from '../../functions/journey/model.ts'
import { readNews } from '../../functions/journey/news.ts'
import { type SilenceDeps, tellOfSilence } from '../../functions/journey/silence.ts'
import { type Checkpoint, parseCheckpoint } from '../../functions/store/checkpoint.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { toItem } from '../../functions/store/stream-image.ts'
import { journeyEventsIn } from '../../functions/store/told.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { createIds, createIngestProcess, noPause } from '../identity/ingest-process.ts'
import { createSimulatedDynamoDB, type SimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { shapes } from '../simulation/shapes.ts'
import { tellingTo } from './telling-to.ts'
import { at } from './touches.ts'

/** An event as a channel sends it; by whom as `type:value`, the shop's web channel unless given. */
export type Sent = { id: string; time: string; type: string; by: readonly string[] } & Record<string, unknown>

const lineOf = ({ by, ...event }: Sent): string => {
  const identifiers = by.map((name) => ({ type: name.split(':')[0], value: name.split(':')[1] }))
  return JSON.stringify({ source: 's', channel: 'web', ...event, identifiers })
}

type Options = Partial<{
  now: string
  rules: Rules
  journeyEvents: readonly JourneyEventName[]
  quietMinutes: number
  admission: Parameters<typeof createSimulatedDynamoDB>[0]['admission']
}>

export type TellingWorld = ReturnType<typeof createTellingWorld>

/** Identities, touchpoints and journeys on a simulated store, by a clock that is set by hand. */
export function createTellingWorld(options: Options = {}) {
  const { admission, ...settings } = options
  const clock = createClock(options.now ?? at(170))
  const store = createSimulatedDynamoDB({
    tables: shapes,
    now: () => clock.now().getTime(),
    ...(admission && { admission }),
  })
  const newId = createIds()
  const process = createIngestProcess(store.client('process'), {
    nameOf: (table) => table,
    newId: createIds(),
    quarantined: [],
    pause: noPause,
    random: () => 0,
  })
  const consumer = (client = store.client('journey')) => consumerOn(client, clock.now, newId, settings)
  const unread = { identity: 0, touchpoints: 0, journeys: 0 }
  const records = (table: keyof typeof unread) => {
    const some = store.stream(table).read(unread[table], Number.POSITIVE_INFINITY)
    unread[table] += some.length
    return some
  }
  const news = (...tables: ('identity' | 'touchpoints')[]) =>
    readNews((tables.length > 0 ? tables : (['identity', 'touchpoints'] as const)).flatMap(records))
  return {
    store,
    clock,
    consumer,
    process,
    send: (...events: Sent[]) => process.deliver(events.map(lineOf), Math.max(1, events.length)),
    /** What the streams, or one of them, have brought since they were asked last. */
    news,
    keep: (some: readonly NodeNews[] = news(), deps: KeepDeps = consumer()) => keepJourneys(some, deps),
    ring: (deps: SilenceDeps = consumer()) => tellOfSilence(deps, () => true),
    /** What was told since it was asked for last, in order. */
    told: (): JourneyEvent[] =>
      records('journeys').flatMap(({ dynamodb }) =>
        dynamodb?.NewImage?.e ? journeyEventsIn(toItem(dynamodb.NewImage)) : [],
      ),
    timers: () => timersIn(store),
    checkpoints: () => checkpointsIn(store),
  }
}

function createClock(start: string) {
  let nowMs = Date.parse(start)
  return {
    now: () => new Date(nowMs),
    set: (time: string) => {
      nowMs = Date.parse(time)
    },
  }
}

function consumerOn(
  client: DynamoDBClient,
  now: () => Date,
  newId: () => string,
  {
    rules = { model: retail, currency: 'EUR' },
    journeyEvents = journeyEventNames,
    quietMinutes = 120,
  }: Options,
): KeepDeps & SilenceDeps {
  const table = (name: string) => ({ client, name, pause: noPause })
  return {
    identity: createIdentityStore(table('identity')),
    touchpoints: createTouchpointStore(table('touchpoints')),
    journeys: createJourneyStore(table('journeys')),
    ...tellingTo(table('journeys'), now, newId),
    rules,
    journeyEvents: new Set(journeyEvents),
    quietMinutes,
    newId,
    pause: noPause,
    random: () => 0,
    onBroken: (_, error) => {
      throw error
    },
  }
}

export const timersIn = (store: SimulatedDynamoDB) =>
  store.items('journeys').filter(({ pk }) => pk?.S?.startsWith('W#'))

const checkpointsIn = (store: SimulatedDynamoDB): Checkpoint[] =>
  store.items('journeys').flatMap((item) => (item.sk?.S === 'C' ? [parseCheckpoint(item)] : []))

export const namesOf = (told: readonly JourneyEvent[]): string[] => told.map(({ name }) => name)
export const idsOf = (told: readonly JourneyEvent[]): string[] => told.map(({ detail }) => detail.id)
