import { describe, expect, it } from 'vitest'
import { settingsSchema } from '../../functions/runtime/settings.ts'
import { createEventSchema, eventJsonSchema } from '../../functions/touchpoint/event.ts'
import { eventOf, sent, settings } from './decoding.ts'

describe('an accepted event', () => {
  it('has UTC, its offset and the defaults', () => {
    expect(eventOf(sent())).toEqual({
      id: '1',
      source: 'till-4',
      time: '2026-11-22T09:15:00.000Z',
      offsetMinutes: 60,
      channel: 'store',
      type: 'purchase',
      identifiers: [],
    })
    expect(eventOf(sent({ items: [{ sku: 'a' }] })).items).toEqual([{ sku: 'a', quantity: 1 }])
  })

  it.each([
    ['2026-11-22T10:15:00.123999Z', '2026-11-22T10:15:00.123Z', 0],
    ['2026-11-22t10:15:00.1z', '2026-11-22T10:15:00.100Z', 0],
    ['2026-11-22T10:15:00-00:00', '2026-11-22T10:15:00.000Z', 0],
    ['2026-11-22T00:15:00-05:30', '2026-11-22T05:45:00.000Z', -330],
    ['2024-02-29T23:30:00-01:00', '2024-03-01T00:30:00.000Z', -60],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z', 0],
    ['2017-01-01T05:29:60.5+05:30', '2017-01-01T00:00:00.500Z', 330],
    ['0044-03-15T12:00:00Z', '0044-03-15T12:00:00.000Z', 0],
    ['2026-11-23T12:00:00Z', '2026-11-23T12:00:00.000Z', 0],
  ])('takes the time %s', (time, utc, offsetMinutes) => {
    expect(eventOf(sent({ time }))).toMatchObject({ time: utc, offsetMinutes })
  })

  it.each([
    '2026-11-22 10:15:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T10:60:00Z',
    '2026-11-22T10:15:60Z',
    '2026-11-22T10:15Z',
    '2026-11-22T10:15:00+24:00',
    '2026-11-22T10:15:00+0100',
    '2025-02-29T10:15:00Z',
    '2026-13-01T10:15:00Z',
    '2026-00-10T10:15:00Z',
    '0000-01-01T00:00:00+01:00',
    '22.11.2026',
    '',
  ])('takes no time like %s', (time) => {
    expect(() => eventOf(sent({ time }))).toThrow('invalid_event: time is')
  })

  it.each([
    ['https://shop.example.org/bags?email=x#y', 'https://shop.example.org/bags'],
    ['https://shop.example.org/#/cart?token=1', 'https://shop.example.org/'],
    ['not a url?q', 'not a url'],
    ['/bags', '/bags'],
    ['', ''],
  ])('keeps of the page %s only %s', (page, kept) => {
    expect(eventOf(sent({ location: { page, referrer: page } })).location).toEqual({
      page: kept,
      referrer: kept,
    })
  })

  it('drops contact data from the profile in any spelling, whatever its value', () => {
    const profile = {
      first_name: 'J',
      'Last-Name': 'D',
      'E-MAIL': 'x',
      ' phone ': '1',
      Street: 's',
      address: { street: 's' },
      'date of birth': 'd',
      BirthDay: 'd',
      loyaltyTier: 'gold',
      emailFormat: 'html',
      age: 7,
      vip: true,
      note: null,
    }
    expect(eventOf(sent({ profile })).profile).toEqual({
      loyaltyTier: 'gold',
      emailFormat: 'html',
      age: 7,
      vip: true,
      note: null,
    })
  })

  it('keeps test only when it is true', () => {
    expect(eventOf(sent({ test: true })).test).toBe(true)
    expect(eventOf(sent({ test: false }))).not.toHaveProperty('test')
  })

  it('takes what the limits allow', () => {
    const event = sent({
      id: 'ü'.repeat(200),
      source: 'x'.repeat(400),
      type: 'something_new',
      items: [
        { sku: 'a', quantity: -0.125, price: 0.0001, amount: -0.5, tax: -0.1 },
        { sku: 'b', quantity: 1.005, price: 1.1, amount: 0 },
      ],
      order: { total: -3.2, fulfilment: 'pickup' },
      feedback: { nps: 0, rating: 4.5, sentiment: -1, text: '' },
    })
    expect(eventOf(event)).toMatchObject({ type: 'something_new', order: { total: -3.2 } })
  })

  it('takes escaped characters beyond the basic plane, and backslashes before what looks like one', () => {
    const event = JSON.stringify(sent()).slice(0, -1)
    expect(eventOf(`${event},"query":"\\uD83D\\ude00 \\\\ud83d"}`).query).toBe('😀 \\ud83d')
  })

  it('takes 2,000 items', () => {
    const items = Array.from({ length: 2000 }, (_, index) => ({ sku: `${index}` }))
    expect(eventOf(sent({ items })).items).toHaveLength(2000)
  })

  it('takes hashed addresses, but only of types that are configured', () => {
    const hashed = sent({ identifiers: [{ type: 'email_sha256', value: 'x' }] })
    expect(eventOf(hashed).identifiers).toEqual([{ type: 'email_sha256', value: 'x' }])
    const without = settingsSchema.parse({
      identifierTypes: [{ type: 'customer_id', class: 'anchor', limit: 1 }],
    })
    expect(createEventSchema(without).safeParse(hashed).success).toBe(false)
  })

  it('equals itself with other key order, offset and defaults spelled out', () => {
    const one = sent({ order: { id: 'R', total: 1 }, items: [{ sku: 'a', price: 1 }] })
    const other = {
      items: [{ price: 1.0, quantity: 1, sku: 'a' }],
      order: { total: 1, id: 'R' },
      type: 'purchase',
      channel: 'store',
      source: 'till-4',
      id: '1',
      test: false,
      identifiers: [],
      time: '2026-11-22T10:15:00.0001+01:00',
    }
    expect(JSON.stringify(eventOf(one))).toBe(JSON.stringify(eventOf(other)))
    expect(eventOf({ ...other, time: '2026-11-22T09:15:00Z' })).toEqual({ ...eventOf(one), offsetMinutes: 0 })
  })

  it('cannot reach prototypes through free fields', () => {
    const fields = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}'
    const { properties, profile } = eventOf(
      `${JSON.stringify(sent()).slice(0, -1)},"properties":${fields},"profile":{"__proto__":"x","a":1}}`,
    )
    expect({}).not.toHaveProperty('polluted')
    expect(properties).not.toHaveProperty('polluted')
    expect(Object.keys(profile ?? {})).toEqual(['a'])
  })
})

describe('the JSON Schema', () => {
  it('describes the event as sent', () => {
    expect(eventJsonSchema(settings)).toMatchObject({
      type: 'object',
      required: ['id', 'source', 'time', 'channel', 'type'],
      additionalProperties: false,
      properties: { time: { type: 'string', format: 'date-time' }, items: { maxItems: 2000 } },
    })
  })
})
