import { isSupportedCountry } from 'libphonenumber-js/max'
import { z } from 'zod'
import { checkedRequest } from '../functions/analytics/request.ts'
import { scopes } from '../functions/http/scopes.ts'
import { settingsSchema } from '../functions/runtime/settings.ts'
import { functionNames } from './build.ts'

const currencies = new Set(Intl.supportedValuesOf('currency'))
const currencyText = 'the ISO 4217 code of a currency, such as EUR'
const pathText = 'the path of a file, relative to cdk.json'
const countryText = 'the ISO 3166 code of a country, such as DE'
const originText = 'a scheme and host, such as https://shop.example.org, or *'
const hostText = 'the host of ApiUrl, such as a1b2c3.execute-api.eu-central-1.amazonaws.com'
/** Cognito's quota of app clients is higher; more than these is a sign that each till has one of its own. */
const mostClients = 50

const whole = (from: number, to: number, unit = '') => {
  const text = `a whole number${unit && ` of ${unit}`} from ${from} to ${to}`
  return z.int(text).min(from, text).max(to, text)
}

const nameText = (longest: number) => `1 to ${longest} small letters, digits and dashes, a letter first`
const namePart = (longest: number) =>
  z
    .string(nameText(longest))
    .regex(/^[a-z][a-z0-9-]*$/, nameText(longest))
    .max(longest, nameText(longest))
    // The names of domains may not have them (Amazon Cognito, "Using the Amazon Cognito domain").
    .refine((name) => !/aws|amazon|cognito/.test(name), 'a name without aws, amazon or cognito')

const byFunction = (value: z.ZodType<number>) => z.partialRecord(z.enum(functionNames), value)

const checkedSettings = settingsSchema.extend({
  currency: settingsSchema.shape.currency.refine((code) => currencies.has(code), currencyText),
  phoneCountry: settingsSchema.shape.phoneCountry.refine((code) => isSupportedCountry(code), countryText),
})

const client = z.strictObject({
  /** What it is called in Cognito and, as a caller, on record. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, '1 to 100 letters, digits, dots, dashes and underscores'),
  scopes: z
    .array(z.enum(scopes, `one of ${scopes.join(', ')}`))
    .min(1, 'at least one scope')
    .refine((given) => new Set(given).size === given.length, 'each scope once'),
})

/** Who may call the API: clients of a Cognito pool that comes along, or tokens of an issuer that is there. */
const access = z.union([
  z.strictObject({
    clients: z
      .array(client)
      .max(mostClients, `at most ${mostClients} clients`)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'each name once'),
  }),
  z.strictObject({
    issuer: z
      .string()
      .regex(/^https:\/\/[^\s?#]+$/, 'the URL of an OpenID Connect issuer, https://… without ? and #'),
    audiences: z
      .array(z.string().min(1, 'an audience that is not empty'))
      .min(1, 'at least one audience')
      .max(50, 'at most 50 audiences'),
  }),
])

const capacityText = 'maxEventsPerSecond has to be at least eventsPerSecond'

/** All that an operator may set in cdk.json, context `omnijourney`. */
export const optionsSchema = z.strictObject({
  /** First part of the names of stacks and of what they hold. */
  name: namePart(20).default('omnijourney'),
  /** Second part, so that one account can hold several. */
  stage: namePart(20).default('trial'),
  /** Undefined: that of the CLI's profile. */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region, such as eu-central-1')
    .optional(),
  /** On everything that can have tags. */
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
  /** What becomes of data, and of the key that it is matched by, when a stack is deleted. */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),

  /** What the options of scale are if they are not set. */
  profile: z.enum(['trial', 'small', 'large']).default('trial'),
  stream: z
    .discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('on-demand') }),
      z.strictObject({ mode: z.literal('provisioned'), shards: whole(1, 500) }),
    ])
    .optional(),
  tables: z
    .discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('on-demand') }),
      z
        .strictObject({
          mode: z.literal('provisioned'),
          eventsPerSecond: whole(1, 100_000),
          maxEventsPerSecond: whole(1, 100_000),
        })
        .refine((given) => given.maxEventsPerSecond >= given.eventsPerSecond, capacityText),
    ])
    .optional(),
  parallelizationFactor: whole(1, 10).optional(),
  publishWindowSeconds: whole(0, 300, 'seconds').optional(),
  lakeBufferSeconds: whole(60, 900, 'seconds').optional(),
  memory: byFunction(whole(128, 10_240, 'MB')).optional(),
  reservedConcurrency: byFunction(whole(1, 10_000)).optional(),
  api: z
    .strictObject({
      requestsPerSecond: whole(1, 100_000).optional(),
      burst: whole(1, 100_000).optional(),
      /** Of web pages that may send events and ask from a browser. */
      origins: z.array(z.string().regex(/^(\*|https?:\/\/[^\s/?#]+)$/, originText)).default([]),
    })
    .prefault({}),

  access: access.default({ clients: [] }),
  /** A CloudFront distribution with a web application firewall in front of the API; in us-east-1. */
  firewall: z
    .strictObject({
      apiHost: z.string().regex(/^[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/, hostText),
      /** From one address; beyond, it gets 403 for as long. */
      requestsPerFiveMinutes: whole(100, 2_000_000_000).default(2_000),
    })
    .optional(),
  /** Who is told when an alarm goes off; undefined: nobody, it is only shown. */
  alarmEmail: z.email('an e-mail address').optional(),
  /** In US dollars; an alarm says when the month's bill is going to be more. */
  monthlyBudget: z.number().positive('more than 0 US dollars').optional(),
  /** How long what functions log is kept. */
  logDays: z
    .literal(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365],
      'one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 days',
    )
    .default(30),

  /** What is analysed every night. */
  analysis: z
    .strictObject({
      /** Only what happened in so many days before. */
      days: whole(1, 36_500, 'days').default(365),
      /** By the name of the analysis, such as `{ "associations": { "minSupport": 0.001 } }`. */
      parameters: z.record(z.string(), z.unknown()).default({}),
    })
    .prefault({})
    .superRefine((analysis, context) => {
      for (const issue of checkedRequest.safeParse(analysis).error?.issues ?? [])
        context.addIssue({ code: 'custom', path: issue.path, message: issue.message })
    }),
  /** The file of the retailer's own journey model; without it, the default one. */
  model: z.string(pathText).min(1, pathText).optional(),
  settings: checkedSettings.prefault({}),
})

export type Options = z.infer<typeof optionsSchema>
export type Access = z.infer<typeof access>
