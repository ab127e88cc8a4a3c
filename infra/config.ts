import { findNodeAtLocation, getNodeValue, type JSONPath, parseTree } from 'jsonc-parser'
import { isSupportedCountry } from 'libphonenumber-js/max'
import { z } from 'zod'
import { checkedRequest } from '../functions/analytics/request.ts'
import type { Rules } from '../functions/journey/fold-state.ts'
import { createModel, retail } from '../functions/journey/model.ts'
import type { ModelDefinition } from '../functions/journey/model-definition.ts'
import { settingsSchema } from '../functions/runtime/settings.ts'
import { readModel } from './model-file.ts'
import { lineOf, problemsOf, shownPath } from './problems.ts'

const currencies = new Set(Intl.supportedValuesOf('currency'))
const currencyText = 'the ISO 4217 code of a currency, such as EUR'
const pathText = 'the path of a file, relative to cdk.json'
const bufferText = 'a whole number of seconds from 60 to 900'
const daysText = 'a whole number of days above 0'
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
  /** How long rows may wait before they are written into the lake; longer makes fewer and larger files. */
  lakeBufferSeconds: z.int(bufferText).min(60, bufferText).max(900, bufferText).default(300),
  /** What is analysed every night. */
  analysis: z
    .strictObject({
      /** Only what happened in so many days before. */
      days: z.int(daysText).positive(daysText).default(365),
      /** By the name of the analysis, such as `{ "associations": { "minSupport": 0.001 } }`. */
      parameters: z.record(z.string(), z.unknown()).default({}),
    })
    .prefault({})
    .superRefine((analysis, context) => {
      for (const issue of checkedRequest.safeParse(analysis).error?.issues ?? [])
        context.addIssue({ code: 'custom', path: issue.path, message: issue.message })
    }),
  /** What becomes of data, and of the key that it is matched by, when a stack is deleted. */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  /** The file of the retailer's own journey model; without it, the default one. */
  model: z.string(pathText).min(1, pathText).optional(),
  settings: checkedSettings.prefault({}),
})

/** What an operator has set; of the model what its file says. */
export type Config = Omit<z.infer<typeof configSchema>, 'model'> & { model: ModelDefinition | null }

/** What journeys are folded by. */
export const rulesOf = ({ model, settings }: Config): Rules => ({
  model: model ? createModel(model) : retail,
  currency: settings.currency,
})

/** The file that the context comes from, so that errors can name its lines. */
export type ConfigFile = { name: string; text: string }

/**
 * @param directory what the path of the model is relative to
 * @throws an error that lists all that is not right: where it is, and what would be
 */
export function parseConfig(context: unknown, file?: ConfigFile, directory = '.'): Config {
  const parsed = configSchema.safeParse(context ?? {})
  const { model, ofModel, inModel } = configuredModel(context, directory)
  if (parsed.success && ofModel.length + inModel.length === 0) return { ...parsed.data, model }
  const problems = [...problemsOf(parsed.error?.issues ?? []), ...ofModel]
  const lines = problems.map(
    ({ path, message }) =>
      `${placeOf(path, context, file)}${shownPath(['omnijourney', ...path])}: ${message}`,
  )
  const all = [...lines, ...inModel].map((line) => `  ${line}`)
  throw new Error(`The configuration is not valid:\n${all.join('\n')}`)
}

const modelOption = z.object({ model: z.string().min(1) })

/** The model, or what is wrong with the option and in the file that it names. */
function configuredModel(context: unknown, directory: string) {
  const asked = modelOption.safeParse(context)
  const reading = asked.success ? readModel(asked.data.model, directory) : null
  const model = reading?.kind === 'model' ? reading.model : null
  const inModel = reading?.kind === 'wrong' ? reading.lines : []
  const message = `there is no file ${asked.data?.model}; its path is relative to cdk.json`
  return { model, inModel, ofModel: reading?.kind === 'missing' ? [{ path: ['model'], message }] : [] }
}

/** `cdk.json:14: ` if the context is what the file says; it may come from the command line as well. */
function placeOf(path: JSONPath, context: unknown, file: ConfigFile | undefined): string {
  const root = file && parseTree(file.text)
  const base = ['context', 'omnijourney']
  const told = root && findNodeAtLocation(root, base)
  if (!told || JSON.stringify(getNodeValue(told)) !== JSON.stringify(context)) return ''
  return `${file.name}:${lineOf([...base, ...path], { root, text: file.text })}: `
}
