import { describe, expect, it } from 'vitest'
import { createRetailWorld, truthKey } from '../../infra/demo/world.ts'

const options = { seed: 4, customers: 300, days: 90, start: new Date('2026-08-03T00:00:00Z') }

describe('a retail world', () => {
  const world = createRetailWorld(options)
  const { events, truth } = world
  const identifiers = events.flatMap((event) => event.identifiers)

  it('is the same for the same seed, and another for another', () => {
    expect(createRetailWorld(options)).toEqual(world)
    expect(createRetailWorld({ ...options, seed: 5 }).events[0]).not.toEqual(events[0])
  })

  it('is of the size of a small retailer’s quarter', () => {
    expect(events.length).toBeGreaterThan(6_000)
    expect(events.length).toBeLessThan(10_000)
    const histories = [...Map.groupBy(truth.values(), (customer) => customer)].flatMap(
      ([customer, touches]) => (customer === null ? [] : touches.length),
    )
    expect(histories.length).toBeGreaterThan(280)
    const median = histories.sort((a, b) => a - b)[histories.length >> 1]
    expect(median).toBeGreaterThan(10)
    expect(median).toBeLessThan(40)
  })

  it('knows whose every event is', () => {
    expect(new Set(events.map(truthKey))).toEqual(new Set(truth.keys()))
    const ofNobody = events.filter((event) => truth.get(truthKey(event)) === null)
    expect(ofNobody.some(({ test }) => test)).toBe(true)
    expect(ofNobody.some(({ channel }) => channel === 'kiosk')).toBe(true)
    expect(ofNobody.some(({ identifiers }) => identifiers.length === 0)).toBe(true)
  })

  it('has all kinds of identifiers, junk among them', () => {
    const types = new Set(identifiers.map(({ type }) => type))
    expect([...types].sort()).toEqual([
      'app_install_id',
      'cookie_id',
      'customer_id',
      'device_id',
      'email',
      'email_sha256',
      'loyalty_id',
      'order_id',
      'payment_card',
      'phone',
      'wifi_id',
    ])
    const values = new Set(identifiers.map(({ value }) => value))
    for (const junk of ['guest', 'test@test.com', '0000000000', 'undefined']) expect(values).toContain(junk)
  })

  it('comes late, out of order and twice', () => {
    const times = events.map(({ time }) => Date.parse(time))
    let latest = 0
    const late = times.filter((time) => {
      latest = Math.max(latest, time)
      return latest - time > 60 * 60_000
    })
    expect(late.length).toBeGreaterThan(30)
    expect(late.length).toBeLessThan(events.length / 20)
    const twice = events.length - truth.size
    expect(twice).toBeGreaterThan(50)
    expect(twice).toBeLessThan(300)
  })
})
