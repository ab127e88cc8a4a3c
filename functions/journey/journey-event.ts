import * as z from 'zod'
import type { JourneyEventName } from './journey-event-names.ts'

const time = z.iso.datetime().describe('UTC, ISO 8601 with milliseconds')
const touch = z.object({ channel: z.string(), campaignId: z.string().nullable() })
const cart = z
  .array(z.object({ sku: z.string(), quantity: z.number() }))
  .describe('What was put into the cart in this journey and not taken out, the latest last')
const journeyId = z.string().describe('As in GET /v1/customers/{personId}/journeys')
const phase = z.string().describe('A phase of the journey model')

const common = {
  id: z.string().describe('The same whenever the same event is told again: keep it to tell it from another'),
  personId: z.string().describe('Whose journey; found by GET /v1/customers/{personId}, also after merges'),
  at: time.describe('When it happened, by the clocks of the sources; UTC'),
}

/** What brought the journey there. */
const brought = {
  channel: z.string(),
  campaignId: z.string().nullable(),
  touchpointType: z.string().describe('The type of the event that brought it about'),
}

/** What is told of journeys as they are stored, by its name, which is the detail-type on EventBridge. */
export const details = {
  JourneyStarted: z.object({ ...common, journeyId, phase: phase.nullable(), ...brought }),
  PhaseEntered: z.object({ ...common, journeyId, phase, ...brought }),
  JourneyConverted: z.object({
    ...common,
    journeyId,
    startedAt: time,
    channel: z.string().describe('Where it was bought'),
    order: z.object({ orderId: z.string().nullable(), total: z.number(), currency: z.string() }),
    channels: z.array(z.string()).describe('In order of first use'),
    firstTouch: touch,
    lastTouch: touch.describe('The last one with a phase before the purchase, or the purchase'),
    touchpointCount: z.int(),
    patterns: z.array(z.string()),
  }),
  JourneyAbandoned: z.object({
    ...common,
    journeyId,
    startedAt: time,
    endedAt: time.describe('Of the last touchpoint that prolonged it'),
    phase: phase.nullable().describe('The furthest that was reached'),
    channels: z.array(z.string()).describe('In order of first use'),
    lastTouch: touch,
    touchpointCount: z.int(),
    cart,
  }),
  PainPoint: z.object({
    ...common,
    journeyId,
    type: z.enum(['complaint', 'refund', 'cancellation']),
    channel: z.string(),
    orderId: z.string().nullable(),
  }),
  QuietTime: z.object({
    ...common,
    journeyId,
    startedAt: time,
    since: time.describe('Of the last touchpoint that prolonged the journey'),
    quietMinutes: z.int().describe('As configured'),
    phase: phase.nullable().describe('The furthest that was reached'),
    lastTouch: touch,
    cart,
  }),
  PersonsMerged: z.object({
    ...common,
    mergedPersonId: z.string().describe('An alias of personId from now on'),
  }),
  MergeUndone: z.object({ ...common, freedPersonId: z.string().describe('A person of its own from now on') }),
} satisfies Record<JourneyEventName, z.ZodObject>

export type JourneyEventDetail<N extends JourneyEventName = JourneyEventName> = z.infer<(typeof details)[N]>

/** An event as it is stored beside the journey that it tells of. */
export type JourneyEvent = {
  [N in JourneyEventName]: { name: N; detail: JourneyEventDetail<N> }
}[JourneyEventName]

const named = <N extends JourneyEventName>(name: N) =>
  z.object({ name: z.literal(name), detail: details[name] })

export const journeyEventSchema = z.discriminatedUnion('name', [
  named('JourneyStarted'),
  named('PhaseEntered'),
  named('JourneyConverted'),
  named('JourneyAbandoned'),
  named('PainPoint'),
  named('QuietTime'),
  named('PersonsMerged'),
  named('MergeUndone'),
])
