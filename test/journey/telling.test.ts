import { describe, expect, it } from 'vitest'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { createTellingWorld, namesOf, type Sent } from './telling-world.ts'
import { at } from './touches.ts'

const by = ['email:ann@example.org']
const personId = '00000000000000000001'
const need = { channel: 'email', campaignId: 'spring' }
const web = { channel: 'web', campaignId: null }
const store = { channel: 'store', campaignId: null }

const story: Sent[] = [
  { id: '1', time: at(0), type: 'email_open', channel: 'email', campaign: { id: 'spring' }, by },
  { id: '2', time: at(1), type: 'search', by },
  { id: '3', time: at(2), type: 'add_to_cart', by, items: [{ sku: 'LAMP', quantity: 2, price: 10 }] },
  { id: '4', time: at(3), type: 'purchase', channel: 'store', by, order: { id: 'R-1', total: 20 } },
  { id: '5', time: at(10), type: 'refund', channel: 'store', by, order: { id: 'R-1' } },
  { id: '6', time: at(11), type: 'complaint', channel: 'call_center', by },
]

/** Names with details, but for the ids, which are only looked at for being there and different. */
function withoutIds(told: readonly JourneyEvent[]) {
  expect(new Set(told.map(({ detail }) => detail.id)).size).toBe(told.length)
  return told.map(({ name, detail: { id, ...detail } }) => {
    expect(id).toMatch(/^[\w-]{22}$/)
    return [name, detail]
  })
}

const journeyIdsIn = (told: readonly JourneyEvent[]) => [
  ...new Set(told.flatMap(({ detail }) => ('journeyId' in detail ? detail.journeyId : []))),
]

describe('of a journey is told', () => {
  it('how it starts, each phase, what was bought and what went wrong', async () => {
    const world = createTellingWorld()
    await world.send(...story)
    await world.keep()
    const told = world.told()
    const [journeyId] = journeyIdsIn(told)
    const common = { personId, journeyId }
    expect(withoutIds(told)).toEqual([
      ['JourneyStarted', { ...common, at: at(0), phase: 'need', ...need, touchpointType: 'email_open' }],
      ['PhaseEntered', { ...common, at: at(0), phase: 'need', ...need, touchpointType: 'email_open' }],
      ['PhaseEntered', { ...common, at: at(1), phase: 'interest', ...web, touchpointType: 'search' }],
      ['PhaseEntered', { ...common, at: at(2), phase: 'decision', ...web, touchpointType: 'add_to_cart' }],
      ['PhaseEntered', { ...common, at: at(3), phase: 'purchase', ...store, touchpointType: 'purchase' }],
      [
        'JourneyConverted',
        {
          ...common,
          at: at(3),
          startedAt: at(0),
          channel: 'store',
          order: { orderId: 'R-1', total: 20, currency: 'EUR' },
          channels: ['email', 'web', 'store'],
          firstTouch: need,
          lastTouch: web,
          touchpointCount: 4,
          patterns: ['webroomer'],
        },
      ],
      ['PhaseEntered', { ...common, at: at(10), phase: 'after_sales', ...store, touchpointType: 'refund' }],
      ['PainPoint', { ...common, at: at(10), type: 'refund', channel: 'store', orderId: 'R-1' }],
      ['PainPoint', { ...common, at: at(11), type: 'complaint', channel: 'call_center', orderId: null }],
    ])
  })

  it('that it was given up, with what was left in the cart, by the next touchpoint', async () => {
    const world = createTellingWorld()
    const items = [{ sku: 'LAMP', quantity: 2 }, { sku: 'CUP' }]
    await world.send(
      { id: '1', time: at(0), type: 'email_click', channel: 'email', campaign: { id: 'spring' }, by },
      { id: '2', time: at(1), type: 'add_to_cart', by, items },
      { id: '3', time: at(2), type: 'remove_from_cart', by, items: [{ sku: 'LAMP' }] },
      { id: '4', time: at(3), type: 'login', channel: 'app', by },
      { id: '5', time: at(40), type: 'login', by },
      { id: '6', time: at(41), type: 'search', by },
    )
    await world.keep()
    const told = world.told()
    const [given, next] = journeyIdsIn(told)
    expect(next).not.toBe(given)
    expect(withoutIds(told).slice(3)).toEqual([
      [
        'JourneyAbandoned',
        {
          personId,
          journeyId: given,
          at: at(32),
          startedAt: at(0),
          endedAt: at(2),
          phase: 'decision',
          channels: ['email', 'web', 'app'],
          lastTouch: web,
          touchpointCount: 4,
          cart: [
            { sku: 'CUP', quantity: 1 },
            { sku: 'LAMP', quantity: 1 },
          ],
        },
      ],
      [
        'JourneyStarted',
        { personId, journeyId: next, at: at(41), phase: 'interest', ...web, touchpointType: 'search' },
      ],
      [
        'PhaseEntered',
        { personId, journeyId: next, at: at(41), phase: 'interest', ...web, touchpointType: 'search' },
      ],
    ])
  })

  it('a purchase out of the blue as a start and a conversion, without a number and in any currency', async () => {
    const world = createTellingWorld()
    const items = [{ sku: 'CUP', amount: 5.5 }]
    await world.send({ id: '1', time: at(0), type: 'purchase', by, items, order: { currency: 'GBP' } })
    await world.keep()
    const told = world.told()
    expect(namesOf(told)).toEqual(['JourneyStarted', 'PhaseEntered', 'JourneyConverted'])
    expect(told[2]?.detail).toMatchObject({
      order: { orderId: null, total: 5.5, currency: 'GBP' },
      lastTouch: web,
      touchpointCount: 1,
      patterns: [],
    })
  })

  it('nothing while there is none', async () => {
    const world = createTellingWorld()
    const types = ['ad_impression', 'email_sent', 'login', 'complaint', 'refund', 'no_such_type']
    await world.send(...types.map((type, day): Sent => ({ id: type, time: at(day), type, by })))
    await world.keep()
    expect(world.told()).toEqual([])
    expect(world.timers()).toEqual([])
  })

  it('a second report of an order as no second conversion', async () => {
    const world = createTellingWorld()
    const order = { id: 'R-1', total: 9 }
    await world.send(
      { id: '1', time: at(0), type: 'purchase', by, order },
      { id: '2', time: at(1), type: 'purchase', by, order },
    )
    await world.keep()
    expect(namesOf(world.told())).toEqual(['JourneyStarted', 'PhaseEntered', 'JourneyConverted'])
  })
})

describe('of the neutral person of a shared device', () => {
  it('nothing is told', async () => {
    const world = createTellingWorld({ now: at(7) })
    await world.send(
      { id: '1', time: at(0), type: 'search', by: ['customer_id:c-1', 'cookie_id:kiosk'] },
      { id: '2', time: at(1), type: 'search', by: ['customer_id:c-2', 'cookie_id:kiosk'] },
    )
    await world.keep()
    const persons = new Set(world.told().map(({ detail }) => detail.personId))
    expect(persons.size).toBe(2)
    const rest = ['search', 'add_to_cart', 'purchase', 'refund', 'complaint']
    await world.send(
      ...rest.map((type, day): Sent => ({ id: type, time: at(2 + day), type, by: ['cookie_id:kiosk'] })),
    )
    await world.keep()
    expect(world.checkpoints()).toHaveLength(3)
    expect(world.told()).toEqual([])
    world.clock.set(at(100))
    await world.ring()
    expect(new Set(world.told().map(({ detail }) => detail.personId))).toEqual(persons)
  })
})
