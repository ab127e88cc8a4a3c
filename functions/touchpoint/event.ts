import * as z from 'zod'
import { hashedForms } from '../identity/identifier-type.ts'
import type { Settings } from '../runtime/settings.ts'
import { items, misfitAmong, order } from './commerce.ts'
import { range } from './figures.ts'
import { profile, properties } from './free-form.ts'
import { strictFields } from './strict-fields.ts'
import { parseTimestamp } from './timestamp.ts'
import { channels, consentStatuses, returnTypes } from './vocabulary.ts'

const text = z.string('a string')
const optionalText = text.exactOptional()

const keyText = 'a string of 1 to 400 bytes without control characters'
const key = z
  .string(keyText)
  .refine((value) => bytesAtMost(value, 400) && !/\p{Cc}/u.test(value), keyText)
  .meta({ minLength: 1, maxLength: 400 })

const typeText = 'a string of 1 to 100 bytes'
const type = z
  .string(typeText)
  .refine((value) => bytesAtMost(value, 100), typeText)
  .meta({ minLength: 1, maxLength: 100 })

const timeText = 'a date and time with offset, such as 2026-11-22T10:15:00+01:00 (RFC 3339)'
const time = z
  .string(timeText)
  .meta({ format: 'date-time' })
  .transform((sent, context) => {
    const timestamp = parseTimestamp(sent)
    if (timestamp !== null) return timestamp
    context.issues.push({ code: 'custom', input: sent, message: timeText })
    return z.NEVER
  })

/** Query and fragment may carry tokens and addresses of people. */
const pageAddress = text.transform((address) => address.split(/[?#]/, 1)[0] ?? '').exactOptional()

const dwellText = 'a number of at least 0'
const countryText = 'two capital letters, such as DE (ISO 3166)'

const campaign = strictFields(
  {
    id: optionalText,
    source: optionalText,
    medium: optionalText,
    content: optionalText,
    term: optionalText,
  },
  'an object with the fields of a campaign',
)

const location = strictFields(
  {
    storeId: optionalText,
    zone: optionalText,
    page: pageAddress,
    referrer: pageAddress,
    country: z
      .string(countryText)
      .regex(/^[A-Z]{2}$/, countryText)
      .exactOptional(),
  },
  'an object with the fields of a location',
)

const npsText = 'a whole number from 0 to 10'
const feedback = strictFields(
  {
    nps: z.int(npsText).gte(0, npsText).lte(10, npsText).exactOptional(),
    rating: range(1, 5).exactOptional(),
    sentiment: range(-1, 1).exactOptional(),
    text: optionalText,
  },
  'an object with the fields of feedback',
)

const purposeText = 'a string that is not empty'
const consent = strictFields(
  {
    purpose: z.string(purposeText).min(1, purposeText),
    status: z.enum(consentStatuses, `one of ${consentStatuses.join(', ')}`),
  },
  'an object with purpose and status',
)

function identifierSchema(settings: Settings) {
  const configured = settings.identifierTypes.map(({ type }) => type)
  const hashed = Object.entries(hashedForms).flatMap(([form, type]) =>
    configured.includes(type) ? [form] : [],
  )
  const types = [...new Set([...configured, ...hashed])]
  return strictFields(
    { type: z.enum(types, `a configured identifier type: ${types.join(', ')}`), value: text },
    'an object with type and value',
  )
}

/**
 * The one definition of an event: what is accepted, and in which form it is kept. Messages complete
 * "it must be …" and never quote the event.
 */
export function createEventSchema(settings: Settings) {
  return strictFields(
    {
      id: key,
      source: key,
      time,
      channel: z.enum(channels, `one of ${channels.join(', ')}`),
      type,
      identifiers: z.array(identifierSchema(settings), 'a list of identifiers').default([]),
      sessionId: optionalText,
      items: items.exactOptional(),
      order: order.exactOptional(),
      campaign: campaign.exactOptional(),
      location: location.exactOptional(),
      dwellSeconds: z.number(dwellText).gte(0, dwellText).exactOptional(),
      query: optionalText,
      feedback: feedback.exactOptional(),
      consents: z.array(consent, 'a list of consents').exactOptional(),
      profile: profile.exactOptional(),
      test: z.boolean('true or false').exactOptional(),
      properties: properties.exactOptional(),
    },
    'an object with the fields of an event',
  )
    .check((context) => {
      const { items = [], order, type } = context.value
      const misfit = misfitAmong(items, order, returnTypes.includes(type))
      if (misfit !== null)
        context.issues.push({
          code: 'custom',
          input: context.value,
          path: misfit.path,
          message: misfit.expectation,
        })
    })
    .transform(({ time, test, ...rest }) => ({
      ...rest,
      time: time.utc,
      offsetMinutes: time.offsetMinutes,
      ...(test ? { test } : {}),
    }))
}

export type EventSchema = ReturnType<typeof createEventSchema>

/** An event as it is kept: every time in UTC, defaults filled in, nothing that may not be kept. */
export type TouchpointEvent = z.output<EventSchema>

/** JSON Schema (2020-12) of an event as it is sent. */
export function eventJsonSchema(settings: Settings) {
  return z.toJSONSchema(createEventSchema(settings), { io: 'input' })
}

function bytesAtMost(value: string, limit: number): boolean {
  if (value.length === 0 || value.length > limit) return false
  return value.length * 3 <= limit || Buffer.byteLength(value) <= limit
}
