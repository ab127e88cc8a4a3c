import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { journeyEventSchema } from '../../functions/journey/journey-event.ts'
import { journeyEventNames } from '../../functions/journey/journey-event-names.ts'
import type { Touch } from '../../functions/journey/touch.ts'
import { touchLists } from './arbitrary-touches.ts'
import { namesOf } from './telling-world.ts'
import { createToldPerson, distinctJson, piecesOf, sortedJson } from './told-person.ts'
import { at, purchase, touch } from './touches.ts'

const cutLists = touchLists(25).chain((touches) =>
  fc.record({
    touches: fc.constant(touches),
    cuts: fc.uniqueArray(fc.nat({ max: touches.length }), { maxLength: 8 }),
  }),
)

async function toldInOneGo(touches: readonly Touch[]) {
  const person = await createToldPerson()
  await person.arrive(touches)
  return person.told()
}

describe('what is told of touchpoints in their order', () => {
  it('is the same in one batch, one by one, and in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(cutLists, async ({ touches, cuts }) => {
        const once = sortedJson(await toldInOneGo(touches))
        for (const places of [cuts, [...touches.keys()]]) {
          const person = await createToldPerson()
          for (const piece of piecesOf(touches, places)) await person.arrive(piece)
          expect(sortedJson(person.told())).toEqual(once)
        }
      }),
      { numRuns: 80 },
    )
  })

  it('is the same of so much that it does not fit into one transaction', async () => {
    const touches = Array.from({ length: 120 }, (_, day) =>
      purchase(at(day), `R-${day}`, 5, { nodeId: 'n1' }),
    )
    const person = await createToldPerson()
    for (const piece of piecesOf(touches, [1, 20, 40])) await person.arrive(piece)
    const told = person.told()
    expect(namesOf(told).filter((name) => name === 'JourneyConverted')).toHaveLength(120)
    expect(await toldInOneGo(touches)).toEqual(told)
  })

  it('is what the schema says, and nothing beside it', async () => {
    await fc.assert(
      fc.asyncProperty(touchLists(25), async (touches) => {
        const person = await createToldPerson()
        await person.arrive(touches)
        const stored = person.toldAsStored()
        expect(stored.map((event) => journeyEventSchema.parse(event))).toEqual(stored)
        expect(person.told()).toEqual(stored)
      }),
      { numRuns: 60 },
    )
  })

  it('is told again with the same ids and nothing else when it is heard of again, and changes nothing', async () => {
    const heardAgain = touchLists(25).chain((touches) =>
      fc.record({
        touches: fc.constant(touches),
        again: fc.array(fc.shuffledSubarray(touches, { minLength: 1 }), { minLength: 1, maxLength: 4 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(heardAgain, async ({ touches, again }) => {
        const person = await createToldPerson()
        await person.arrive(touches)
        const first = new Set(sortedJson(person.told()))
        const before = person.journeys()
        for (const some of again) await person.hear(some)
        expect(sortedJson(person.told()).filter((event) => !first.has(event))).toEqual([])
        expect(person.journeys()).toEqual(before)
      }),
      { numRuns: 80 },
    )
  })

  it('is of the names that are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        touchLists(20),
        fc.subarray([...journeyEventNames]),
        async (touches, journeyEvents) => {
          const all = await toldInOneGo(touches)
          const person = await createToldPerson({ journeyEvents })
          await person.arrive(touches)
          expect(person.told()).toEqual(all.filter(({ name }) => journeyEvents.includes(name)))
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('touchpoints that somebody else has folded before they are heard of', () => {
  it('tell nothing then', async () => {
    await fc.assert(
      fc.asyncProperty(touchLists(25), async (touches) => {
        const person = await createToldPerson()
        await person.insert(touches)
        await person.refold()
        expect(person.told()).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('tell what they bring about when they are heard of, in any order', async () => {
    const shuffled = touchLists(25).chain((touches) =>
      fc.record({
        touches: fc.constant(touches),
        heard: fc.shuffledSubarray(touches, { minLength: touches.length }),
        cuts: fc.uniqueArray(fc.nat({ max: touches.length }), { maxLength: 8 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ touches, heard, cuts }) => {
        const person = await createToldPerson()
        await person.insert(touches)
        await person.refold()
        const before = person.journeys()
        for (const piece of piecesOf(heard, cuts)) await person.hear(piece)
        const told = distinctJson(person.told())
        expect(told).toEqual(sortedJson(await toldInOneGo(touches)))
        expect(person.journeys()).toEqual(before)
      }),
      { numRuns: 80 },
    )
  })

  it('tell of the journey that they found given up, too', async () => {
    const person = await createToldPerson()
    const touches = [at(0), at(40)].map((time) => touch(time, 'search', { nodeId: 'n1' }))
    await person.insert(touches)
    await person.refold()
    for (const one of touches) await person.hear([one])
    expect(namesOf(person.told())).toEqual([
      'JourneyStarted',
      'PhaseEntered',
      'JourneyAbandoned',
      'JourneyStarted',
      'PhaseEntered',
    ])
  })
})
