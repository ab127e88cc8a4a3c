import * as z from 'zod'
import { defaultJourneyEvents, journeyEventNames } from '../journey/journey-event-names.ts'

const identifierClass = z.enum(['anchor', 'contact', 'card', 'bridge', 'device'])

const typeText = '1 to 64 small letters, digits and underscores, a letter first'
const minutesText = 'a whole number of minutes from 10 on'
const limitText = 'a whole number from 1 on, or null for no limit'

/** One identifier type a retailer uses; the order of the list is the order of priority. */
const identifierType = z.strictObject({
  type: z
    .string(typeText)
    .regex(/^[a-z][a-z0-9_]{0,63}$/, typeText)
    .refine(
      (type) => !/^(email|phone)_sha256$/.test(type),
      'another name: this is the hashed form of a type',
    ),
  class: identifierClass,
  /** How many values of this type one person may have; null: no limit. */
  limit: z.int(limitText).positive(limitText).nullable(),
})

const identifierTypes = z
  .array(identifierType)
  .min(1, 'at least one identifier type')
  .check(({ value, issues }) => {
    for (const [at, { type }] of value.entries()) {
      const first = value.findIndex((other) => other.type === type)
      if (first === at) continue
      const message = `each type once: ${type} is number ${first + 1} of the list, too`
      issues.push({ code: 'custom', input: type, path: [at, 'type'], message })
    }
  })

/** The contract's table, section Identity. */
const defaultIdentifierTypes: z.infer<typeof identifierType>[] = [
  { type: 'customer_id', class: 'anchor', limit: 1 },
  { type: 'loyalty_id', class: 'anchor', limit: 1 },
  { type: 'email', class: 'contact', limit: 5 },
  { type: 'phone', class: 'contact', limit: 5 },
  { type: 'payment_card', class: 'card', limit: 10 },
  { type: 'order_id', class: 'bridge', limit: null },
  { type: 'app_install_id', class: 'device', limit: 50 },
  { type: 'device_id', class: 'device', limit: 50 },
  { type: 'cookie_id', class: 'device', limit: 50 },
  { type: 'wifi_id', class: 'device', limit: 50 },
]

/** What a retailer may configure; checked when the stack is synthesized and handed to every function. */
export const settingsSchema = z.strictObject({
  /** ISO 4217 code of amounts that name no currency. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'three capital letters, such as EUR (ISO 4217)', abort: true })
    .default('EUR'),
  /** ISO 3166 code of the country of phone numbers written without a country code. */
  phoneCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'two capital letters, such as DE (ISO 3166)', abort: true })
    .default('DE'),
  /** Whether anchor values, the retailer's own keys, are also kept readable. */
  keepAnchors: z.boolean().default(true),
  identifierTypes: identifierTypes.default(defaultIdentifierTypes),
  /** More values that identify nobody, for any type, compared without case. */
  blockedValues: z.array(z.string().trim().min(1, 'a value that is not empty')).default([]),
  /** Sources whose device identifiers are ignored, such as tablets of the shop's staff. */
  ignoredDeviceSources: z.array(z.string().min(1, 'the source of events')).default([]),
  /** What is told of journeys on the event bus. */
  journeyEvents: z
    .array(z.enum(journeyEventNames, `one of ${journeyEventNames.join(', ')}`))
    .default(defaultJourneyEvents),
  /** How long a customer with an open journey has to be silent for a `QuietTime`. */
  quietMinutes: z.int(minutesText).min(10, minutesText).default(120),
})

export type Settings = z.infer<typeof settingsSchema>
export type IdentifierClass = z.infer<typeof identifierClass>
