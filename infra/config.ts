import { findNodeAtLocation, getNodeValue, type JSONPath, parseTree } from 'jsonc-parser'
import { z } from 'zod'
import type { Rules } from '../functions/journey/fold-state.ts'
import { createModel, retail } from '../functions/journey/model.ts'
import type { ModelDefinition } from '../functions/journey/model-definition.ts'
import { readModel } from './model-file.ts'
import { type Options, optionsSchema } from './options.ts'
import { lineOf, problemsOf, shownPath } from './problems.ts'
import { profiles, type Scale } from './profiles.ts'

type Given = Pick<Options, 'name' | 'stage' | 'region' | 'tags' | 'removalPolicy' | 'profile' | 'access'> &
  Pick<Options, 'firewall' | 'alarmEmail' | 'monthlyBudget' | 'logDays' | 'analysis' | 'settings'>

/** What an operator has set, and the profile for what was not; of the model what its file says. */
export interface Config extends Given, Scale {
  /** Begins the names of stacks and of what they hold, such as `omnijourney-trial`. */
  prefix: string
  api: Scale['api'] & { origins: string[] }
  model: ModelDefinition | null
}

/** Something to be put right in cdk.json; its message is all that is shown. */
export class WrongConfig extends Error {}

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
  const parsed = optionsSchema.safeParse(context ?? {})
  const { model, ofModel, inModel } = configuredModel(context, directory)
  if (parsed.success && ofModel.length + inModel.length === 0) return configOf(parsed.data, model)
  const problems = [...problemsOf(parsed.error?.issues ?? []), ...ofModel]
  const lines = problems.map(
    ({ path, message }) =>
      `${placeOf(path, context, file)}${shownPath(['omnijourney', ...path])}: ${message}`,
  )
  const all = [...lines, ...inModel].map((line) => `  ${line}`)
  throw new WrongConfig(`The configuration is not valid:\n${all.join('\n')}`)
}

function configOf(options: Options, model: ModelDefinition | null): Config {
  const { api, memory, reservedConcurrency, ...given } = options
  const scale: Scale = profiles[options.profile]
  return {
    ...scale,
    ...given,
    stream: given.stream ?? scale.stream,
    tables: given.tables ?? scale.tables,
    parallelizationFactor: given.parallelizationFactor ?? scale.parallelizationFactor,
    publishWindowSeconds: given.publishWindowSeconds ?? scale.publishWindowSeconds,
    lakeBufferSeconds: given.lakeBufferSeconds ?? scale.lakeBufferSeconds,
    memory: { ...scale.memory, ...memory },
    reservedConcurrency: { ...scale.reservedConcurrency, ...reservedConcurrency },
    api: {
      origins: api.origins,
      requestsPerSecond: api.requestsPerSecond ?? scale.api.requestsPerSecond,
      burst: api.burst ?? scale.api.burst,
    },
    prefix: `${options.name}-${options.stage}`,
    model,
  }
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
