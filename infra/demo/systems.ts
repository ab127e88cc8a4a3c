import { minuteMs } from './calendar.ts'
import type { SentIdentifier } from './event.ts'
import type { Random } from './random.ts'
import { rates } from './rates.ts'

/** One system of the retailer, as a source of events. */
export type System = {
  source: string
  channel: string
  /** Tills write the time on the wall, all others UTC. */
  clock: 'wall' | 'utc'
  /** How far that clock is ahead. */
  skewMs: number
}

export type Store = {
  id: string
  tills: readonly System[]
  /** Only its test receipts are sent. */
  trainingTill: System
  wifi: System
  /** Devices of the store's own, in the hands of one customer after the other. */
  kiosk: { system: System; device: SentIdentifier }
  tablet: { system: System; device: SentIdentifier }
}

const system = (source: string, channel: string): System => ({ source, channel, clock: 'utc', skewMs: 0 })

export const webshop = system('webshop', 'web')
export const app = system('app', 'app')
export const newsletter = system('newsletter', 'email')
export const ads = system('ads', 'ad')
export const orderManagement = system('order-management', 'web')
export const carrier = system('carrier', 'sms')
export const returnsCentre = system('returns-centre', 'web')
export const callCentre = system('call-centre', 'call_center')
export const messenger = system('messenger', 'messenger')
export const survey = system('survey', 'email')
export const reviews = system('reviews', 'web')

const cities = ['berlin-mitte', 'hamburg-altona', 'koeln-sued', 'frankfurt-nord', 'leipzig-west', 'bonn-city']
const tillsPerStore = 3

export function createStores(random: Random, count: number): Store[] {
  return Array.from({ length: count }, (_, at) => {
    const round = Math.floor(at / cities.length)
    const id = `${cities[at % cities.length]}${round > 0 ? `-${round + 1}` : ''}`
    const till = (number: number): System => ({
      ...system(`till/${id}/${number}`, 'store'),
      clock: 'wall',
      skewMs: random.chance(rates.tillClockOff) ? random.between(-6, 6) * minuteMs : 0,
    })
    return {
      id,
      tills: Array.from({ length: tillsPerStore }, (_, number) => till(number + 1)),
      trainingTill: till(99),
      wifi: system(`wifi/${id}`, 'store'),
      kiosk: {
        system: system(`kiosk/${id}`, 'kiosk'),
        device: { type: 'device_id', value: `kiosk-${id}` },
      },
      tablet: {
        system: system(`tablet/${id}`, 'store'),
        device: { type: 'device_id', value: `staff-tablet-${id}` },
      },
    }
  })
}
