import { z } from 'zod'

const identifierClass = z.enum(['anchor', 'contact', 'card', 'bridge', 'device'])

/** One identifier type a retailer uses; the order of the list is the order of priority. */
const identifierType = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  class: identifierClass,
  /** How many values of this type one person may have; null: no limit. */
  limit: z.int().positive().nullable(),
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
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  /** ISO 3166 code of the country of phone numbers written without a country code. */
  phoneCountry: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('DE'),
  /** Whether anchor values, the retailer's own keys, are also kept readable. */
  keepAnchors: z.boolean().default(true),
  identifierTypes: z.array(identifierType).default(defaultIdentifierTypes),
  /** More values that identify nobody, for any type, compared without case. */
  blockedValues: z.array(z.string()).default([]),
  /** Sources whose device identifiers are ignored, such as tablets of the shop's staff. */
  ignoredDeviceSources: z.array(z.string()).default([]),
})

export type Settings = z.infer<typeof settingsSchema>
export type IdentifierClass = z.infer<typeof identifierClass>
