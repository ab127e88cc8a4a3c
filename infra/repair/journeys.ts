import { createRulesReader } from '../../functions/customers/folded.ts'
import type { Journey } from '../../functions/journey/journey.ts'
import { journeySchema } from '../../functions/journey/journey.ts'
import { journeyValue } from '../../functions/journey/view.ts'
import { goneRow } from '../../functions/lake/journey-row.ts'
import { createJourneyTeller } from '../../functions/lake/journey-rows.ts'
import { moneyText, type Row } from '../../functions/lake/row.ts'
import { pause } from '../../functions/runtime/clock.ts'
import { parseCheckpoint } from '../../functions/store/checkpoint.ts'
import { textOf } from '../../functions/store/dynamodb.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createJourneyStore, parseRow } from '../../functions/store/journeys.ts'
import { personPartition } from '../../functions/store/keys.ts'
import { createRulesStore } from '../../functions/store/rules.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import type { Comparison, Telling } from './check.ts'
import { lakeRows, millisecondsOf } from './lake-rows.ts'
import type { Places } from './places.ts'
import { itemsOf } from './stored-items.ts'

/** The latest version of each journey of those who are persons. */
const current = `select person_id, journey_id, start_key, started_at, touchpoint_count, value, ended_at
  from (
    select log.*, row_number() over (
      partition by person_id, journey_id order by version desc, changed_at desc
    ) as place
    from journey_log as log
  )
  where place = 1 and not is_gone and person_id in (
    select person_id
    from (
      select node_id, person_id, row_number() over (
        partition by node_id order by version desc, changed_at desc
      ) as place
      from identity_map
    )
    where place = 1 and node_id = person_id
  )`

type InLake = { content: string; journeyId: string; startKey: string; startedAt: string }

/** Every journey, as the tables have it now. */
export async function compareJourneys(places: Places, telling: Telling): Promise<Comparison> {
  const inLake = new Map<string, Map<string, InLake>>()
  let there = 0
  for await (const row of lakeRows(current, places)) {
    const [personId = '', journeyId = '', startKey = '', startedAt = '', count, value, endedAt = ''] = row
    const content = `${count} ${value} ${millisecondsOf(endedAt)}`
    const journeys = inLake.get(personId) ?? new Map<string, InLake>()
    inLake.set(personId, journeys.set(journeyId, { content, journeyId, startKey, startedAt }))
    there++
  }
  const stored = await storedJourneys(places, telling)
  let wrong = 0
  const persons = new Map<string, InLake[]>()
  for (const personId of new Set([...stored.keys(), ...inLake.keys()])) {
    const [own, told] = [stored.get(personId) ?? new Map(), inLake.get(personId) ?? new Map<string, InLake>()]
    const other = [...own].filter(([journeyId, content]) => told.get(journeyId)?.content !== content)
    const ghosts = [...told.values()].filter(({ journeyId }) => !own.has(journeyId))
    if (other.length + ghosts.length > 0) persons.set(personId, ghosts)
    wrong += other.length + ghosts.length
  }
  const count = [...stored.values()].reduce((sum, journeys) => sum + journeys.size, 0)
  return {
    lines: [{ what: 'journeys', stored: `${count}`, inLake: `${there}`, wrong }],
    repairs: () => rowsOf(persons, places),
  }
}

/** By person, what their journeys come to, by their id. */
async function storedJourneys({ journeys, rules }: Places, telling: Telling) {
  const contentOf = (journey: Journey) => {
    const value = journey.convertedAt === null ? 0n : journeyValue(journey, rules.currency)
    const endedAt = Date.parse(journey.convertedAt ?? journey.prolongedAt)
    return `${journey.touchpointCount} ${moneyText(value)} ${endedAt}`
  }
  const generations = new Map<string, string>()
  const found: { personId: string; generation: string; journey: Journey }[] = []
  for await (const items of itemsOf(journeys, { pk: personPartition(''), sk: '' }, telling)) {
    for (const item of items) {
      const personId = textOf(item, 'pk').slice(personPartition('').length)
      if (textOf(item, 'sk') === 'C') {
        const { generation, state } = parseCheckpoint(item)
        if (state) generations.set(personId, generation)
        if (state?.running) found.push({ personId, generation, journey: state.running })
        continue
      }
      const { sk, data } = parseRow(item)
      const [generation = '', kind] = sk.split('#', 2)
      if (kind === 'J' && data !== undefined)
        found.push({ personId, generation, journey: journeySchema.parse(JSON.parse(data)) })
    }
  }
  const current = found.filter(({ personId, generation }) => generations.get(personId) === generation)
  const byPerson = Map.groupBy(current, ({ personId }) => personId)
  return new Map(
    [...byPerson].map(([personId, own]) => [
      personId,
      new Map(own.map(({ journey }) => [journey.journeyId, contentOf(journey)])),
    ]),
  )
}

const personsAtOnce = 100

async function* rowsOf(
  persons: ReadonlyMap<string, readonly InLake[]>,
  places: Places,
): AsyncGenerator<Row[]> {
  const identity = createIdentityStore(places.identity)
  const journeys = createJourneyStore(places.journeys)
  const deps = {
    identity,
    journeys,
    touchpoints: createTouchpointStore(places.touchpoints),
    rulesOf: createRulesReader(places.rules, createRulesStore(places.journeys)),
    now: () => new Date(),
    pause,
    random: Math.random,
  }
  const all = [...persons]
  for (let at = 0; at < all.length; at += personsAtOnce) {
    const some = all.slice(at, at + personsAtOnce)
    const personIds = some.map(([personId]) => personId)
    const checkpoints = await journeys.checkpoints(personIds, true)
    const anew = { seen: new Map(), isAnew: true, checkpoint: null }
    const tell = await createJourneyTeller(new Map(personIds.map((personId) => [personId, anew])), deps)
    const rows: Row[] = []
    for (const [personId, ghosts] of some) {
      const told = await tell(personId, anew)
      const version = checkpoints.get(personId)?.version ?? 0
      const now = new Date()
      rows.push(
        ...ghosts
          .map(({ journeyId, startKey, startedAt }) => ({
            journeyId,
            startKey,
            startedAt: new Date(millisecondsOf(startedAt)).toISOString(),
          }))
          .map((ghost) => goneRow(ghost, { personId, version, now })),
        ...told,
      )
    }
    yield rows
  }
}
