import * as z from 'zod'
import { channels } from '../touchpoint/vocabulary.ts'

/** One way to a phase: for touchpoints on these channels that lasted at least so long. */
export type PhaseRule = {
  phase: string | null
  channel?: readonly string[] | undefined
  minDwellSeconds?: number | undefined
}

/** A journey model as a retailer writes it down, and as it is kept: all that the fold needs to know of it. */
export type ModelDefinition = {
  name: string
  /** In order. */
  phases: readonly string[]
  converts: string
  afterSales: string
  /** By type the phase, or null for none, or rules of which the first that fits tells it; a type not listed has none. */
  types: Readonly<Record<string, string | null | readonly PhaseRule[]>>
  /** Types by which the retailer reaches out; they belong to a running journey but start and prolong none. */
  exposures: readonly string[]
  abandonedAfterDays: number
  afterSalesWindowDays: number
}

/** Types whose touchpoints move money. Which phase they have is the contract's and no model's to say. */
const moneyTypes = ['purchase', 'refund', 'cancellation']

const nameText = '1 to 64 small letters, digits and underscores, a letter first'
const secondsText = 'a number of seconds above 0'

/** What fields are checked against; what is wrong with these themselves the schema says. */
const outlineSchema = () =>
  z
    .object({
      phases: z.array(z.string().catch('')).catch([]),
      converts: z.string().catch(''),
      afterSales: z.string().catch(''),
      types: z.record(z.string(), z.unknown()).catch({}),
    })
    .catch({ phases: [], converts: '', afterSales: '', types: {} })

/** The schema of a model: its lists are made from what is to be checked, so that every mistake is one of a field. */
export function modelSchemaFor(json: unknown) {
  const { phases, converts, afterSales, types } = outlineSchema().parse(json)
  const knowsConverting = phases.includes(converts)
  const later = knowsConverting ? phases.slice(phases.indexOf(converts) + 1) : phases
  const laterText = knowsConverting ? `a phase after ${converts}, which converts` : 'a phase'
  const givesBack = only(
    afterSales,
    later,
    'the after-sales phase: what gives money back has it in every model',
  )
  const listedTypes = Object.keys(types)
  const exposable = listedTypes.filter((type) => !moneyTypes.includes(type))
  const exposableText = `a type that "types" lists, but none of ${listed(moneyTypes)}`
  const name = z.string(nameText).regex(/^[a-z][a-z0-9_]{0,63}$/, nameText)
  return z.strictObject(
    {
      name: name.refine((given) => given !== 'funnel', 'another name: funnel is retail in other words'),
      phases: each(name).min(1, 'the phases in their order'),
      converts: oneOf(phases, 'a phase'),
      afterSales: knowsConverting && later.length === 0 ? z.never(laterText) : oneOf(later, laterText),
      types: z
        .object(
          {
            purchase: only(converts, phases, 'the phase that converts: a purchase does so in every model'),
            refund: givesBack,
            cancellation: givesBack,
          },
          'an object that has, by type, a phase, null or a list of rules',
        )
        .catchall(phaseOfType(phases, converts)),
      exposures: each(listedTypes.length > 0 ? z.enum(exposable, exposableText) : z.string()).default([]),
      abandonedAfterDays: days(1).default(30),
      afterSalesWindowDays: days(0).default(60),
    },
    'an object with name, phases, converts, afterSales and types',
  )
}

function phaseOfType(phases: readonly string[], converts: string) {
  const others = phases.filter((one) => one !== converts)
  const text = `a phase (${listed(others)}), or null for none`
  const another = `another phase than ${converts}: only the type purchase converts`
  const error = ({ input }: { input?: unknown }) => (input === converts ? another : text)
  const phase = (phases.length > 0 ? z.enum(others, { error }) : z.string()).nullable()
  const rule = z.strictObject({
    phase,
    channel: each(oneOf(channels, 'a channel')).min(1, 'at least one channel').optional(),
    minDwellSeconds: z.number(secondsText).positive(secondsText).optional(),
  })
  return z.union([phase, z.array(rule).min(1, 'at least one rule')])
}

/** One of these; anything, while it is not known which there are. */
function oneOf(values: readonly string[], what: string) {
  return values.length > 0 ? z.enum(values, `${what} (${listed(values)})`) : z.string()
}

/** The one value that is right; anything, while it is not known which that is. */
function only(value: string, known: readonly string[], why: string) {
  return known.includes(value) ? z.literal(value, `${value}, ${why}`) : z.string()
}

/** A list without repetitions. */
function each(value: z.ZodType<string>) {
  return z.array(value, 'a list').check(({ value: values, issues }) => {
    for (const [at, one] of values.entries()) {
      const first = values.indexOf(one)
      if (first === at) continue
      const message = `each once: ${one} is number ${first + 1} of the list, too`
      issues.push({ code: 'custom', input: one, path: [at], message })
    }
  })
}

function days(from: number) {
  const text = `a whole number of days from ${from} to 3650`
  return z.int(text).min(from, text).max(3650, text)
}

const listed = (values: readonly string[]): string => values.join(', ')
