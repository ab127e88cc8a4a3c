import { z } from 'zod'

const ruleSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ suffix: z.string() }),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ 'anything-but': z.array(z.union([z.string(), z.number()])) }),
])

type Rule = z.infer<typeof ruleSchema>
interface Pattern {
  [key: string]: Rule[] | Pattern
}

const patternSchema: z.ZodType<Pattern> = z.lazy(() =>
  z.record(z.string(), z.union([z.array(ruleSchema), patternSchema])),
)

/** Reads the event patterns of an event source; a record is wanted if one of them matches, or if there is none. */
export function createMatcher(patterns: string[]): (event: unknown) => boolean {
  const parsed = patterns.map((text) => {
    const result = patternSchema.safeParse(JSON.parse(text))
    if (result.success) return result.data
    throw new Error(`The local runtime does not know this event pattern: ${text}`)
  })
  return (event) => parsed.length === 0 || parsed.some((pattern) => matches(pattern, event))
}

function matches(pattern: Pattern, event: unknown): boolean {
  const fields = new Map(Object.entries(typeof event === 'object' && event !== null ? event : {}))
  return Object.entries(pattern).every(([key, expected]) => {
    const value: unknown = fields.get(key)
    if (!Array.isArray(expected)) return matches(expected, value)
    return expected.some((rule) => obeys(rule, value))
  })
}

function obeys(rule: Rule, value: unknown): boolean {
  if (typeof rule !== 'object' || rule === null) return value === rule
  if ('prefix' in rule) return typeof value === 'string' && value.startsWith(rule.prefix)
  if ('suffix' in rule) return typeof value === 'string' && value.endsWith(rule.suffix)
  if ('exists' in rule) return (value !== undefined) === rule.exists
  return value !== undefined && !rule['anything-but'].some((excluded) => excluded === value)
}
