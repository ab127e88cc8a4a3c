import type { DynamoDBRecord } from 'aws-lambda'
import { expect, it } from 'vitest'
import { Problem } from '../../functions/http/problem.ts'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { retail } from '../../functions/journey/model.ts'
import { createRandom, type Random } from '../../infra/demo/random.ts'
import { smallWorld } from '../scenario/small-world.ts'
import { operatorOf, personsOf } from './telling-operator.ts'
import { createTellingWorld, type TellingWorld } from './telling-world.ts'
import { travel } from './travel.ts'

/** Merges or parts some persons, if that can be done. */
async function meddle(world: TellingWorld, random: Random): Promise<void> {
  const { merge, undo } = operatorOf(world)
  const persons = personsOf(world)
  const connected = persons.filter(({ connections }) => connections.length > 0)
  try {
    if (connected.length > 0 && random.chance(0.5)) {
      const { personId, connections } = random.oneOf(connected)
      await undo(personId, random.oneOf(connections).mergeId)
    } else {
      await merge(random.oneOf(persons).personId, random.oneOf(persons).personId)
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
  }
}

const moveNames = ['PersonsMerged', 'MergeUndone']
const isMove = ({ name }: JourneyEvent) => moveNames.includes(name)

const joined = (nodeId: string, personId = '') => `${nodeId} becomes one of ${personId}`
const parted = (nodeId: string, personId = '') => `${nodeId} leaves ${personId}`

/** The moves among these, each once. */
function movesTold(told: readonly JourneyEvent[]): string[] {
  const moves = new Map<string, string>()
  for (const { name, detail } of told) {
    if (name === 'PersonsMerged') moves.set(detail.id, joined(detail.mergedPersonId, detail.personId))
    if (name === 'MergeUndone') moves.set(detail.id, parted(detail.freedPersonId, detail.personId))
  }
  return [...moves.values()].sort()
}

/** What the stream of identities says about roots that are none any more, and nodes that are one again. */
function movesIn(records: readonly DynamoDBRecord[]): string[] {
  return records.flatMap(({ dynamodb }) => {
    const [from, to] = [dynamodb?.OldImage?.r?.S, dynamodb?.NewImage?.r?.S]
    const nodeId = dynamodb?.NewImage?.pk?.S?.slice(2)
    if (nodeId === undefined || from === undefined || from === to) return []
    if (from === nodeId) return [joined(nodeId, to)]
    return to === nodeId ? [parted(nodeId, from)] : []
  })
}

it('merges, undone ones, late events and another model tell nothing of journeys but what is news', async () => {
  let late = 0
  const moves: string[] = []
  for (let seed = 1; seed <= 40; seed++) {
    const random = createRandom(seed)
    const world = createTellingWorld()
    const told: JourneyEvent[] = []
    let model = retail
    for (const line of smallWorld(random, 14)) {
      await world.process.deliver([line], 1)
      if (random.chance(0.4)) await meddle(world, random)
      if (random.chance(0.3)) continue
      const deps = { ...world.consumer(), rules: { model, currency: 'EUR' } }
      await world.keep(world.news('identity'), deps)
      const ofPersons = world.told()
      expect(
        ofPersons.filter((event) => !isMove(event)),
        `seed ${seed}`,
      ).toEqual([])
      const news = world.news('touchpoints')
      await world.keep(news, deps)
      const ofTouches = world.told()
      const times = news.flatMap(({ touches }) => touches.map(({ time }) => time))
      const others = ofTouches.filter(
        ({ name, detail }) => name !== 'JourneyAbandoned' && !times.includes(detail.at),
      )
      expect(others, `seed ${seed}`).toEqual([])
      if (random.chance(0.1)) model = model === retail ? travel : retail
      await world.keep(
        personsOf(world).map(({ personId }) => ({ nodeId: personId, touches: [] })),
        { ...world.consumer(), rules: { model, currency: 'EUR' } },
      )
      expect(world.told(), `seed ${seed}`).toEqual([])
      told.push(...ofPersons, ...ofTouches)
      late += ofTouches.length
    }
    await world.keep(world.news(), { ...world.consumer(), rules: { model, currency: 'EUR' } })
    told.push(...world.told())
    const records = world.store.stream('identity').read(0, Number.POSITIVE_INFINITY)
    expect(movesTold(told), `seed ${seed}`).toEqual(movesIn(records).sort())
    moves.push(...movesTold(told))
  }
  expect(late).toBeGreaterThan(400)
  expect(moves.length).toBeGreaterThan(80)
})
