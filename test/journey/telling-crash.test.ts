import { describe, expect, it } from 'vitest'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { createGate, type Fault, type Gate } from '../identity/gate.ts'
import { intercepted } from '../simulation/client.ts'
import { createTellingWorld, namesOf, type Sent, type TellingWorld } from './telling-world.ts'
import { at } from './touches.ts'

const ann = 'email:ann@example.org'
const bob = 'loyalty_id:L-1'
const eve = 'customer_id:c-1'

/** What one batch hears of: journeys that end in all ways, a person for the first time, and a merge. */
const batch: Sent[] = [
  { id: '3', time: at(40), type: 'search', by: [ann] },
  { id: '4', time: at(41), type: 'purchase', by: [ann], order: { id: 'R-1', total: 5 } },
  { id: '5', time: at(42), type: 'refund', by: [ann], order: { id: 'R-1', refundId: 'F-1' } },
  { id: '6', time: at(50), type: 'add_to_cart', by: [eve], items: [{ sku: 'CUP' }] },
  { id: '7', time: at(51), type: 'login', by: [bob, ann] },
]

async function stage() {
  const world = createTellingWorld({ now: at(52) })
  await world.send(
    { id: '1', time: at(0), type: 'search', by: [ann] },
    { id: '2', time: at(45), type: 'view_item', by: [bob] },
  )
  await world.keep()
  world.told()
  await world.send(...batch)
  return { world, news: world.news() }
}

/** What is told under each id, which must always be the same. */
function contentById(told: readonly JourneyEvent[]): Map<string, string> {
  const contents = new Map<string, string>()
  for (const event of told) {
    const content = JSON.stringify(event)
    expect(contents.get(event.detail.id) ?? content).toBe(content)
    contents.set(event.detail.id, content)
  }
  return contents
}

async function toldUndisturbed() {
  const { world, news } = await stage()
  await world.keep(news)
  const told = world.told()
  const contents = contentById(told)
  expect(new Set(namesOf(told))).toEqual(
    new Set([
      'JourneyStarted',
      'PhaseEntered',
      'JourneyAbandoned',
      'JourneyConverted',
      'PainPoint',
      'PersonsMerged',
    ]),
  )
  return { contents, journeys: journeysIn(world) }
}

const journeysIn = ({ checkpoints }: TellingWorld) =>
  checkpoints().map(({ personId, state, toldSilence }) => ({ personId, state, toldSilence }))

/** A batch whose process meets a fault: if it does not die, it fails. */
async function disturbed(world: TellingWorld, news: ReturnType<TellingWorld['news']>, gate: Gate) {
  const kept = world.keep(news, world.consumer(gate.client)).catch((error: unknown) => {
    if (!(error instanceof Error) || !/Timeout|Throttling|Throughput/.test(error.name)) throw error
  })
  await Promise.race([kept, gate.died])
}

const faults = (['no', 'half', 'yes'] as const).flatMap((done) =>
  (['throttled', 'time-out', 'death'] as const).map((meets): Fault => ({ done, meets })),
)

describe('a batch that comes again', () => {
  it.each(faults)(
    'after a request that was done: $done met $meets tells all, and nothing else',
    async (fault) => {
      const { contents, journeys } = await toldUndisturbed()
      for (let index = 0; ; index++) {
        const { world, news } = await stage()
        const gate = createGate(world.store.client('disturbed'), { fault, index })
        await disturbed(world, news, gate)
        await world.keep(news)
        expect(contentById(world.told()), `request ${index}`).toEqual(contents)
        expect(journeysIn(world), `request ${index}`).toEqual(journeys)
        if (gate.requests.length <= index) {
          expect(index).toBeGreaterThan(8)
          return
        }
      }
    },
  )

  it('because a record beside it failed tells the same again', async () => {
    const { world, news } = await stage()
    await world.keep(news)
    const first = world.told()
    await world.keep(news)
    expect(contentById([...first, ...world.told()])).toEqual(contentById(first))
  })
})

describe('a reply that is lost', () => {
  it('and whose request is sent again loses nothing and tells nothing else', async () => {
    const { contents, journeys } = await toldUndisturbed()
    for (let index = 0; ; index++) {
      const { world, news } = await stage()
      let sent = 0
      const client = intercepted(world.store.client('disturbed'), async (_, send) => {
        if (sent++ === index) await send()
        return send()
      })
      await world.keep(news, world.consumer(client))
      expect(contentById(world.told()), `request ${index}`).toEqual(contents)
      expect(journeysIn(world), `request ${index}`).toEqual(journeys)
      if (sent <= index) return
    }
  })
})
