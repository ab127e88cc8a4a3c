import { expect, it } from 'vitest'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { sortTouches, toTouch } from '../../functions/journey/touch.ts'
import { journeyValue } from '../../functions/journey/view.ts'
import { touchKey } from '../../functions/lake/journey-row.ts'
import { moneyText } from '../../functions/lake/row.ts'
import { createRandom } from '../../infra/demo/random.ts'
import { foldRulesOf } from '../journey/told.ts'
import { createSchedule, type Worker } from '../simulation/schedule.ts'
import type { LakeRow } from './simulated-firehose.ts'
import { createSimulatedSystem } from './simulated-system.ts'
import { apartWorld, smallWorld } from './small-world.ts'
import { personsIn, type Tables, touchpointsIn } from './stored.ts'

const faults = {
  crashBefore: 0.01,
  crashAfter: 0.01,
  throttle: 0.01,
  timeoutDone: 0.01,
  timeoutNotDone: 0.01,
  torn: 0.1,
  stale: 0.3,
  unprocessed: 0.02,
}

const runs = Number(process.env.OMNIJOURNEY_SCHEDULES ?? 300)
const firstSeed = Number(process.env.OMNIJOURNEY_SEED ?? 1)

async function run(seed: number) {
  const isRetried = (error: unknown) => error instanceof Error && error.name === 'StoreBusyError'
  const schedule = createSchedule({ seed, faults, isRetried })
  const system = createSimulatedSystem(schedule)
  const random = createRandom(seed + 1_000_000)
  const lines = seed % 2 ? smallWorld(random, 6 + (seed % 14)) : apartWorld(random, 10 + (seed % 20))
  const left = { writers: 2, folders: 2 }
  const counted =
    (kind: keyof typeof left, worker: Worker): Worker =>
    async (attempt) => {
      await worker(attempt)
      left[kind]--
    }
  const all = () => true
  const isWritten = () => left.writers === 0
  const isFolded = () => left.writers + left.folders === 0
  await schedule.run({
    process: counted('writers', system.processShard('process', lines, 1 + random.below(4))),
    operator: counted('writers', system.operator('operator', random.below(8))),
    t: counted('folders', system.journeyShard('t', 'touchpoints', all, isWritten)),
    i: counted('folders', system.journeyShard('i', 'identity', all, isWritten)),
    toIdentity: system.publishShard('toIdentity', 'identity', isWritten),
    toTouchpoints: system.publishShard('toTouchpoints', 'touchpoints', isWritten),
    toJourneys: system.publishShard('toJourneys', 'journeys', isFolded),
  })
  return { system, schedule }
}

it(`the lake has what the stores have, after crashes, merges and undos, in ${runs} schedules`, {
  timeout: 600_000,
}, async () => {
  let gone = 0
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const { system, schedule } = await run(seed)
    expect(system.broken, `seed ${seed}`).toEqual([])
    const tables = system.tables()
    expect(journeysInLake(system.lakeRows), `seed ${seed}`).toEqual(journeysInStores(tables))
    expect(personsInLake(system.lakeRows), `seed ${seed}`).toEqual(personsInStores(tables))
    expect(touchpointsInLake(system.lakeRows), `seed ${seed}`).toEqual(touchpointsInStores(tables))
    gone += system.lakeRows.filter((row) => row.is_gone === true).length
    if (seed % 10 > 0) continue
    // The streams once more from their beginning, as after a deployment of another publish.
    for (const table of ['touchpoints', 'identity', 'journeys'] as const)
      await schedule.run({ again: system.publishShard('again', table, () => true) })
    expect(journeysInLake(system.lakeRows), `seed ${seed} again`).toEqual(journeysInStores(tables))
    expect(personsInLake(system.lakeRows), `seed ${seed} again`).toEqual(personsInStores(tables))
  }
  expect(gone).toBeGreaterThan(runs / 10)
})

/** The row that holds of each, as the views take it. */
function latest(rows: readonly LakeRow[], keyOf: (row: LakeRow) => string): LakeRow[] {
  const newer = (a: LakeRow, b: LakeRow) =>
    Number(a.version) - Number(b.version) || Number(a.changed_at) - Number(b.changed_at)
  const groups = Map.groupBy(rows, keyOf)
  return [...groups.values()].map((group) => group.toSorted(newer).at(-1) ?? {})
}

const currentIdentities = (rows: readonly LakeRow[]) =>
  latest(
    rows.filter((row) => 'kind' in row),
    ({ node_id }) => String(node_id),
  )

const personsInLake = (rows: readonly LakeRow[]) =>
  sorted(currentIdentities(rows).map(({ node_id, person_id, kind }) => [node_id, person_id, kind]))

const personsInStores = (tables: Tables) =>
  sorted(
    personsIn(tables).flatMap(({ personId, kind, nodes }) =>
      Object.keys(nodes).map((nodeId) => [nodeId, personId, nodeId === personId ? kind : 'person']),
    ),
  )

function journeysInLake(rows: readonly LakeRow[]) {
  const persons = new Set(currentIdentities(rows).map(({ person_id }) => person_id))
  const journeys = latest(
    rows.filter((row) => 'journey_id' in row),
    ({ person_id, journey_id }) => `${person_id} ${journey_id}`,
  )
  return sorted(
    journeys
      .filter(({ is_gone, person_id }) => is_gone === false && persons.has(person_id))
      .map((row) => [row.person_id, row.journey_id, row.start_key, row.purchase_key, row.value, row.steps]),
  )
}

function journeysInStores(tables: Tables) {
  const touchpoints = touchpointsIn(tables)
  return sorted(
    personsIn(tables).flatMap((person) => {
      const touches = sortTouches(touchpoints.filter(({ nodeId }) => nodeId in person.nodes).map(toTouch))
      const ledger = emptyLedger()
      const steps = new Map<string, object[]>()
      const rules = foldRulesOf(person, retail)
      const state = fold(emptyState, touches, ledger, {
        ...rules,
        onStep: ({ touch: { source, id, time }, after }) => {
          const step = { source, event_id: id, event_time: Date.parse(time) * 1000 }
          if (after) steps.set(after.journeyId, [...(steps.get(after.journeyId) ?? []), step])
        },
      })
      const journeys = [...ledger.journeys.values(), ...(state.running ? [state.running] : [])]
      return journeys.map((journey) => [
        person.personId,
        journey.journeyId,
        touchKey(journey.start),
        journey.end && touchKey(journey.end),
        moneyText(journey.convertedAt === null ? 0n : journeyValue(journey, 'EUR')),
        steps.get(journey.journeyId),
      ])
    }),
  )
}

const touchpointsInLake = (rows: readonly LakeRow[]) =>
  sorted(
    latest(
      rows.filter((row) => 'event_time' in row && row.node_id !== null),
      ({ node_id, source, event_id, event_time }) => JSON.stringify([node_id, source, event_id, event_time]),
    ).map(({ node_id, event_id }) => [node_id, event_id]),
  )

const touchpointsInStores = (tables: Tables) =>
  sorted(touchpointsIn(tables).map(({ nodeId, id }) => [nodeId, id]))

const sorted = (values: unknown[][]) => values.map((value) => JSON.stringify(value)).sort()
