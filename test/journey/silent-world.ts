import { newPerson, type Person, succeed } from '../../functions/identity/person.ts'
import { type KeepDeps, keepJourneys } from '../../functions/journey/keep.ts'
import { readNews } from '../../functions/journey/news.ts'
import { type SilenceDeps, tellOfSilence } from '../../functions/journey/silence.ts'
import type { Touch } from '../../functions/journey/touch.ts'
import { transact } from '../../functions/store/dynamodb.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import { personItems } from '../../functions/store/person-items.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import type { Random } from '../../infra/demo/random.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import type { Schedule, Worker } from '../simulation/schedule.ts'
import { shapes } from '../simulation/shapes.ts'
import type { BoundedClock } from './bounded-clock.ts'
import { tellingTo } from './telling-to.ts'
import { timersIn } from './telling-world.ts'
import { at, dayMs, rules, touch } from './touches.ts'

const minuteMs = 60_000
const monthMs = 30 * dayMs
/** Where what timers do changes, and some between. */
const gaps = [
  ...[0, 1, 60, 118, 120, 121, 126].map((minutes) => minutes * minuteMs),
  ...[dayMs, 29 * dayMs, monthMs - 7 * minuteMs, monthMs, monthMs + 1],
  ...[20, 43, 50].map((minutes) => monthMs + minutes * minuteMs),
  45 * dayMs,
]
const types = ['search', 'search', 'add_to_cart', 'email_sent', 'login', 'purchase', 'complaint']

/** Touchpoints of a few persons, each in their order, and when they arrive. */
export function silentStory(random: Random, count: number): { touch: Touch; arrivesMs: number }[] {
  const last = new Map<string, number>()
  const touches = Array.from({ length: count }, (_, index) => {
    const nodeId = random.oneOf(personIds)
    const ms = (last.get(nodeId) ?? random.below(2 * dayMs)) + random.oneOf(gaps)
    last.set(nodeId, ms)
    const names = { id: `e${index}`, fingerprint: `f${index}`, nodeId }
    return touch(at(0, ms), random.oneOf(types), { ...names, channel: random.oneOf(['web', 'store']) })
  })
  return touches
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .map((one) => ({ touch: one, arrivesMs: Date.parse(one.time) + random.oneOf([0, 0, 1, 10]) * minuteMs }))
}

export const personIds = ['p0', 'p1', 'p2']
const persons: Person[] = personIds.map((personId) => succeed(newPerson(personId), []))

/** Folding and telling beside each other, on a store whose every answer a schedule decides. */
export function createSilentWorld(schedule: Schedule, clock: BoundedClock) {
  const store = createSimulatedDynamoDB({
    tables: shapes,
    admission: schedule,
    now: () => clock.now().getTime(),
  })
  let made = 0
  const newId = () => String(++made)
  const broken: unknown[] = []
  const consumer = (worker: string): KeepDeps & SilenceDeps => {
    const pause = schedule.pause(worker)
    const table = (name: string) => ({ client: store.client(worker), name, pause })
    return {
      identity: createIdentityStore(table('identity')),
      touchpoints: createTouchpointStore(table('touchpoints')),
      journeys: createJourneyStore(table('journeys')),
      ...tellingTo(table('journeys'), clock.now, newId),
      rules,
      newId,
      pause,
      random: () => schedule.random.next(),
      onBroken: (personId, error) => broken.push(personId, error),
    }
  }

  /** Stores touchpoints when the clock says so. */
  const channel = (worker: string, story: ReturnType<typeof silentStory>): Worker => {
    const pause = schedule.pause(worker)
    const touchpoints = createTouchpointStore({ client: store.client(worker), name: 'touchpoints', pause })
    let done = 0
    return async () => {
      for (let next = story[done]; next; next = story[done]) {
        while (clock.now().getTime() < next.arrivesMs) await pause(0)
        const { nodeId, time, source, id, fingerprint, position: _, ...body } = next.touch
        const key = touchpointItem(nodeId, { time, source, id })
        await touchpoints.insert([
          { key, body: JSON.stringify(body), fingerprints: [fingerprint], expiresAt: null },
        ])
        done++
      }
    }
  }

  /** A consumer of part of the stream; what it has not acknowledged comes again. */
  const keeper = (worker: string, isMine: (pk: string) => boolean, isOver: () => boolean): Worker => {
    let position = 0
    return async () => {
      clock.cutOff(worker)
      const deps = consumer(worker)
      for (;;) {
        const over = isOver()
        const records = store.stream('touchpoints').read(position, 1 + schedule.random.below(4))
        if (records.length === 0 && over) return
        const mine = records.filter(({ dynamodb }) => isMine(dynamodb?.Keys?.pk?.S ?? ''))
        if (mine.length > 0) await clock.during(worker, () => keepJourneys(readNews(mine), deps))
        position += records.length
        if (records.length === 0) await deps.pause(0)
      }
    }
  }

  const nextTimerMs = (): number =>
    Math.min(...timersIn(store).map(({ sk }) => Date.parse(sk?.S?.slice(0, 24) ?? '')))

  /** The function that is called every minute; to look when there is nothing to be seen would only take time. */
  const ringer = (worker: string, isOver: () => boolean): Worker => {
    const { random } = schedule
    return async () => {
      clock.cutOff(worker)
      const deps = consumer(worker)
      while (!isOver()) {
        if (nextTimerMs() > clock.now().getTime() && !random.chance(0.02)) await deps.pause(0)
        else await clock.during(worker, () => tellOfSilence(deps, () => random.chance(0.9)))
      }
    }
  }

  return {
    store,
    broken,
    channel,
    keeper,
    ringer,
    nextTimerMs,
    insertPersons: async () => {
      const table = { client: store.client('identity'), name: 'identity', pause: async () => undefined }
      for (const person of persons) await transact(table, personItems('identity', person, []))
    },
    /** The clock goes on from timer to timer until there is none. */
    ringToTheEnd: async () => {
      for (let rounds = 0; timersIn(store).length > 0; rounds++) {
        if (rounds > 200) throw new Error('timers do not come to an end')
        clock.advanceTo(nextTimerMs())
        await tellOfSilence(consumer('last'), () => true)
      }
    },
  }
}
