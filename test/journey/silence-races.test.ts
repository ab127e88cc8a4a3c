import { describe, expect, it } from 'vitest'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { journeyEventNames } from '../../functions/journey/journey-event-names.ts'
import { eventsOfStep } from '../../functions/journey/telling.ts'
import { abandonedAtMs } from '../../functions/journey/timer.ts'
import type { Touch } from '../../functions/journey/touch.ts'
import { toItem } from '../../functions/store/stream-image.ts'
import { journeyEventsIn } from '../../functions/store/told.ts'
import { createRandom } from '../../infra/demo/random.ts'
import type { Faults } from '../simulation/faults.ts'
import { createSchedule, type Worker } from '../simulation/schedule.ts'
import { createBoundedClock } from './bounded-clock.ts'
import { createSilentWorld, personIds, silentStory } from './silent-world.ts'
import { at, rules } from './touches.ts'

const minuteMs = 60_000
/** So much later is told what should have been told before it was heard of. */
const graceMs = 31 * minuteMs
const telling = { rules, journeyEvents: new Set(journeyEventNames) }

/** Those by which nothing is done twice. */
const mild: Faults = { torn: 0.1, stale: 0.3, unprocessed: 0.02, contention: 0.02 }
const severe: Faults = {
  ...mild,
  crashBefore: 0.01,
  crashAfter: 0.02,
  throttle: 0.01,
  timeoutDone: 0.01,
  timeoutNotDone: 0.01,
  repeat: 0.01,
  statement: 0.02,
}

async function run(seed: number, faults: Faults) {
  const schedule = createSchedule({
    seed,
    faults,
    isRetried: (error) => error instanceof Error && error.name === 'StoreBusyError',
  })
  const random = createRandom(seed + 1_000_000)
  const clock = createBoundedClock(Date.parse(at(0)))
  const world = createSilentWorld(schedule, clock)
  const story = silentStory(random, 3 + random.below(8))
  let open = 3
  const counted =
    (worker: Worker): Worker =>
    async (attempt) => {
      await worker(attempt)
      open--
    }
  const isEven = (pk: string) => /[02]$/.test(pk)
  /** On to what happens next, or a bit before or after it. */
  const advance = () => {
    const nowMs = clock.now().getTime()
    const arrivals = story.map(({ arrivesMs }) => arrivesMs).filter((ms) => ms > nowMs)
    const nextMs = Math.min(random.chance(0.2) ? Number.POSITIVE_INFINITY : world.nextTimerMs(), ...arrivals)
    const jitterMs = random.between(-6, random.chance(0.3) ? 50 : 2) * minuteMs
    clock.advanceTo(Number.isFinite(nextMs) ? nextMs + jitterMs : nowMs + minuteMs)
  }
  await world.insertPersons()
  await schedule.run({
    clock: async () => {
      while (open > 0) {
        advance()
        await schedule.pause('clock')(0)
      }
    },
    channel: counted(world.channel('channel', story)),
    k1: counted(world.keeper('k1', isEven, () => open < 3)),
    k2: counted(
      world.keeper(
        'k2',
        (pk) => !isEven(pk),
        () => open < 3,
      ),
    ),
    r1: world.ringer('r1', () => open === 0),
    r2: world.ringer('r2', () => open === 0),
  })
  const overMs = clock.now().getTime()
  await world.ringToTheEnd()
  const records = world.store.stream('journeys').read(0, Number.POSITIVE_INFINITY)
  const told = records.flatMap(({ dynamodb }) =>
    dynamodb?.NewImage?.e ? journeyEventsIn(toItem(dynamodb.NewImage)) : [],
  )
  return { told, overMs, broken: world.broken, touches: story.map(({ touch }) => touch) }
}

/** What a fold of all touchpoints says of a person when all is over. */
function folded(personId: string, touches: readonly Touch[]) {
  const events: JourneyEvent[] = []
  const ledger = emptyLedger()
  const own = touches.filter(({ nodeId }) => nodeId === personId)
  const { running } = fold(emptyState, own, ledger, {
    ...rules,
    onStep: (step) => events.push(...eventsOfStep(personId, step, '', telling)),
  })
  const ended = [...ledger.journeys.values()].filter(({ convertedAt }) => convertedAt === null)
  return { events, running, abandoned: running ? [...ended, running] : ended }
}

const isSilence = ({ name }: JourneyEvent) => name === 'QuietTime' || name === 'JourneyAbandoned'
const journeyOf = ({ detail }: JourneyEvent) => ('journeyId' in detail ? detail.journeyId : null)

function contradictions(told: readonly JourneyEvent[]): string[] {
  const contents = new Map<string, string>()
  const converted = new Set<string | null>()
  return told.flatMap((event) => {
    const content = JSON.stringify(event)
    const known = contents.get(event.detail.id) ?? content
    contents.set(event.detail.id, content)
    if (event.name === 'JourneyConverted') converted.add(journeyOf(event))
    const isLate = isSilence(event) && converted.has(journeyOf(event))
    return [
      ...(known === content ? [] : [`${known} and ${content}`]),
      ...(isLate ? [`after its conversion: ${content}`] : []),
    ]
  })
}

/** That all is told of a person that a fold says. */
function expectAllTold(
  { told, touches, overMs }: Awaited<ReturnType<typeof run>>,
  { personId, seed }: { personId: string; seed: number },
) {
  const { events, running, abandoned } = folded(personId, touches)
  const own = told.filter(({ detail }) => detail.personId === personId)
  const byTouch = (some: readonly JourneyEvent[]) =>
    new Set(some.filter((event) => !isSilence(event)).map((event) => JSON.stringify(event)))
  expect(byTouch(own), `seed ${seed}`).toEqual(byTouch(events))
  const givenUp = own.flatMap(({ name, detail }) =>
    name === 'JourneyAbandoned' ? `${detail.journeyId} ${detail.endedAt}` : [],
  )
  const missing = abandoned
    .map(({ journeyId, prolongedAt }) => `${journeyId} ${prolongedAt}`)
    .filter((one) => !givenUp.includes(one))
  expect(missing, `seed ${seed}`).toEqual([])
  if (running && abandonedAtMs(running, { ...telling, quietMinutes: 120 }) > overMs + graceMs) {
    const quiet = { journeyId: running.journeyId, since: running.prolongedAt }
    expect(own, `seed ${seed}`).toContainEqual(
      expect.objectContaining({ name: 'QuietTime', detail: expect.objectContaining(quiet) }),
    )
  }
}

const runs = Number(process.env.OMNIJOURNEY_SCHEDULES ?? 300)
const firstSeed = Number(process.env.OMNIJOURNEY_SEED ?? 1)

describe('journeys that are kept while others look at their timers', () => {
  it(`have all told of that a fold of all touchpoints says, once if nothing is done twice, in ${runs} schedules`, {
    timeout: 600_000,
  }, async () => {
    let silences = 0
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      const isTwice = seed % 3 !== 0
      const done = await run(seed, isTwice ? severe : mild)
      expect(done.broken, `seed ${seed}`).toEqual([])
      expect(contradictions(done.told), `seed ${seed}`).toEqual([])
      const ids = new Set(done.told.map(({ detail }) => detail.id))
      if (!isTwice) expect(done.told.length, `seed ${seed}`).toBe(ids.size)
      for (const personId of personIds) expectAllTold(done, { personId, seed })
      silences += done.told.filter(isSilence).length
    }
    expect(silences).toBeGreaterThan(runs)
  })
})
