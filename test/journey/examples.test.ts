import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleNames, readExample } from '../examples/example.ts'
import { createSequentialWorld } from '../identity/sequential.ts'
import { told } from './told.ts'

describe.each(exampleNames)('the contract’s example %s', (name) => {
  const { events, expected } = readExample(name)

  const check = (order: typeof events) => {
    const world = createSequentialWorld()
    for (const event of order) world.send(event)
    for (const customer of expected.customers) {
      const person = world.personOf(world.nodeOf(customer.lookup) ?? 'unknown')
      expect(person.kind).toBe(customer.kind)
      const alike = expected.customers
        .map(({ lookup }) => lookup)
        .filter((other) => world.personOf(world.nodeOf(other) ?? '') === person)
      expect(alike).toEqual(expect.arrayContaining(customer.samePersonAs))
      expect(alike).toHaveLength(customer.samePersonAs.length + 1)
      const { touches, journeys } = told(person, world.stored(), expected.now)
      expect(touches).toHaveLength(customer.touchpoints)
      expect(journeys).toMatchObject(customer.journeys.map(({ touchpointIds: _, ...journey }) => journey))
    }
    const rejected = new Map(world.quarantined.map((one) => [one.id, one]))
    expect([...rejected.values()]).toEqual(expected.quarantined)
    expect(world.refusalCount()).toBe(expected.refusals)
  }

  it('gives the customers and journeys it says', () => check(events))
  it('does so when every event comes twice', () => check(events.flatMap((event) => [event, event])))

  it.runIf(expected.about.includes('any order'))('does so in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => check(shuffled)),
      { numRuns: 300 },
    )
  })
})
