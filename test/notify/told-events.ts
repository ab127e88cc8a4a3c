import type { JourneyEvent, JourneyEventDetail } from '../../functions/journey/journey-event.ts'
import type { JourneyEventName } from '../../functions/journey/journey-event-names.ts'

const common = {
  id: 'dGhlIHNhbWUgYWdhaW4gaWQ',
  personId: '0mws1ib3k6pf1xz6bhdl',
  at: '2026-09-03T14:38:27.500Z',
}
const journeyId = 'k9TLyU0aXq7bF3mPzW1c'
const touch = { channel: 'email', campaignId: 'autumn-light' }
const brought = { ...touch, touchpointType: 'email_click' }
const startedAt = '2026-09-01T18:02:11.000Z'
const cart = [{ sku: 'LAMP-7', quantity: 1.5 }]

const details: { [N in JourneyEventName]: JourneyEventDetail<N> } = {
  JourneyStarted: { ...common, journeyId, phase: null, ...brought },
  PhaseEntered: { ...common, journeyId, phase: 'awareness', ...brought, campaignId: null },
  JourneyConverted: {
    ...common,
    journeyId,
    startedAt,
    channel: 'store',
    order: { orderId: null, total: 98.9, currency: 'EUR' },
    channels: ['email', 'web', 'store'],
    firstTouch: touch,
    lastTouch: { channel: 'store', campaignId: null },
    touchpointCount: 8,
    patterns: ['webroomer'],
  },
  JourneyAbandoned: {
    ...common,
    journeyId,
    startedAt,
    endedAt: startedAt,
    phase: null,
    channels: ['email'],
    lastTouch: touch,
    touchpointCount: 1,
    cart,
  },
  PainPoint: { ...common, journeyId, type: 'complaint', channel: 'call_centre', orderId: null },
  QuietTime: {
    ...common,
    journeyId,
    startedAt,
    since: startedAt,
    quietMinutes: 120,
    phase: 'consideration',
    lastTouch: touch,
    cart: [],
  },
  PersonsMerged: { ...common, mergedPersonId: '0mws1ib3k6pf1xz6bhd0' },
  MergeUndone: { ...common, freedPersonId: '0mws1ib3k6pf1xz6bhd0' },
}

export const conversion: JourneyEvent = { name: 'JourneyConverted', detail: details.JourneyConverted }

/** One of each. */
export const allEvents: JourneyEvent[] = [
  { name: 'JourneyStarted', detail: details.JourneyStarted },
  { name: 'PhaseEntered', detail: details.PhaseEntered },
  conversion,
  { name: 'JourneyAbandoned', detail: details.JourneyAbandoned },
  { name: 'PainPoint', detail: details.PainPoint },
  { name: 'QuietTime', detail: details.QuietTime },
  { name: 'PersonsMerged', detail: details.PersonsMerged },
  { name: 'MergeUndone', detail: details.MergeUndone },
]

/** A complaint, of which there can be many. */
export const painPoint = (id: string, at: string = common.at): JourneyEvent => ({
  name: 'PainPoint',
  detail: { ...details.PainPoint, id, at },
})
