import { findNodeAtLocation, getNodeValue, type JSONPath, parseTree } from 'jsonc-parser'
import { isSupportedCountry } from 'libphonenumber-js/max'
import { z } from 'zod'
import { settingsSchema } from '../functions/runtime/settings.ts'

const currencies = new Set(Intl.supportedValuesOf('currency'))
const currencyText = 'the ISO 4217 code of a currency, such as EUR'
const countryText = 'the ISO 3166 code of a country, such as DE'

const checkedSettings = settingsSchema.extend({
  currency: settingsSchema.shape.currency.refine((code) => currencies.has(code), currencyText),
  phoneCountry: settingsSchema.shape.phoneCountry.refine((code) => isSupportedCountry(code), countryText),
})

/** What an operator may set in cdk.json, context `omnijourney`. */
const configSchema = z.strictObject({
  /** Part of the stacks' names, so that one account can hold several. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, '1 to 20 small letters, digits and dashes, a letter first')
    .default('trial'),
  /** Each shard takes 1,000 records or 1 MiB a second. */
  shardCount: z.int().min(1).max(500).default(1),
  /** Above 1, order holds per partition key only. */
  parallelizationFactor: z.int().min(1).max(10).default(1),
  /** What becomes of data, and of the key that it is matched by, when a stack is deleted. */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  settings: checkedSettings.prefault({}),
})

export type Config = z.infer<typeof configSchema>

/** The file that the context comes from, so that errors can name its lines. */
export type ConfigFile = { name: string; text: string }

/** @throws an error that lists all that is not right: where it is, and what would be */
export function parseConfig(context: unknown, file?: ConfigFile): Config {
  const parsed = configSchema.safeParse(context ?? {})
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap((issue) => {
    const paths =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
    const text = issue.code === 'unrecognized_keys' ? 'there is no such option' : issue.message
    return paths.map((path) => `  ${placeOf(path, context, file)}${shown(path)}: ${text}`)
  })
  throw new Error(`The configuration is not valid:\n${problems.join('\n')}`)
}

const shown = (path: readonly PropertyKey[]): string =>
  ['omnijourney', ...path].reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key),
    '',
  )

/** `cdk.json:14: ` if the context is what the file says; it may come from the command line as well. */
function placeOf(path: readonly PropertyKey[], context: unknown, file: ConfigFile | undefined): string {
  const root = file && parseTree(file.text)
  const base = ['context', 'omnijourney']
  const told = root && findNodeAtLocation(root, base)
  if (!told || JSON.stringify(getNodeValue(told)) !== JSON.stringify(context)) return ''
  let location: JSONPath = [...base, ...path.filter((key) => typeof key !== 'symbol')]
  // What is missing is told at the line of what it is missing in.
  let node = findNodeAtLocation(root, location)
  while (!node) {
    location = location.slice(0, -1)
    node = findNodeAtLocation(root, location)
  }
  return `${file.name}:${file.text.slice(0, node.offset).split('\n').length}: `
}
