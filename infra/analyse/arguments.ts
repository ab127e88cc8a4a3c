import { z } from 'zod'
import { analyses } from '../../functions/analytics/analyses.ts'
import { type AnalysisRequest, checkedRequest } from '../../functions/analytics/request.ts'
import { AthenaFailure } from '../athena/failure.ts'

export interface Arguments {
  request: AnalysisRequest
  /** An account of AWS; undefined: the system on this machine. */
  profile: string | undefined
  region: string | undefined
}

/** Options that are no parameter of an analysis. */
const ownOptions = ['from', 'to', 'days', 'profile', 'region'] as const

/**
 * Names of analyses, and their parameters as options: `--min-support 0.01` is `minSupport` of those that have it, and
 * `--level sku --level brand` is `levels`.
 * @throws AthenaFailure that says what there is
 */
export function parseArguments(given: readonly string[]): Arguments {
  const { names, options } = split(given)
  const unknown = names.find((name) => !analyses.some((analysis) => analysis.name === name))
  if (unknown !== undefined) throw wrong(`there is no analysis ${unknown}`)
  const chosen = analyses.filter(({ name }) => names.length === 0 || names.includes(name))
  const parameters: Record<string, Record<string, unknown>> = {}
  for (const [option, values] of options) {
    if (ownOptions.some((own) => own === option)) continue
    const takers = chosen.filter((analysis) => parameterOf(analysis, option))
    if (takers.length === 0) throw wrong(`--${option} is no parameter of ${nameList(chosen)}`)
    for (const analysis of takers) {
      const parameter = parameterOf(analysis, option)
      if (!parameter) continue
      const value = parameter.isList ? values.flatMap(listed) : numberOrText(values.at(-1) ?? '')
      parameters[analysis.name] = { ...parameters[analysis.name], [parameter.name]: value }
    }
  }
  const only = (name: (typeof ownOptions)[number]) => options.get(name)?.at(-1)
  const [from, to, days] = [only('from'), only('to'), only('days')]
  const request: AnalysisRequest = {
    ...(names.length > 0 && { analyses: names }),
    parameters,
    ...(from !== undefined && { from: timeOf(from) }),
    ...(to !== undefined && { to: timeOf(to) }),
    ...(days !== undefined && { days: Number(days) }),
  }
  const checked = checkedRequest.safeParse(request)
  if (!checked.success) throw wrong(z.prettifyError(checked.error))
  const [profile, region] = [only('profile'), only('region')]
  if (region !== undefined && profile === undefined) throw wrong('--region is for AWS; name --profile too')
  return { request, profile, region }
}

function split(given: readonly string[]) {
  const names: string[] = []
  const options = new Map<string, string[]>()
  for (let at = 0; at < given.length; at++) {
    const argument = given[at] ?? ''
    if (!argument.startsWith('--')) {
      names.push(argument)
      continue
    }
    const [option = '', inline] = argument.slice(2).split(/=(.*)/s)
    const value = inline ?? given[++at]
    if (value === undefined || (inline === undefined && value.startsWith('--')))
      throw wrong(`--${option} wants a value`)
    options.set(option, [...(options.get(option) ?? []), value])
  }
  return { names, options }
}

/** The parameter that an option means; of a list its singular. */
function parameterOf({ parameters }: (typeof analyses)[number], option: string) {
  const name = option.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const { shape } = parameters
  if (Object.hasOwn(shape, `${name}s`)) return { name: `${name}s`, isList: true }
  return Object.hasOwn(shape, name) ? { name, isList: name.endsWith('s') && isList(shape[name]) } : null
}

const isList = (schema: unknown): boolean =>
  schema instanceof z.ZodType && schema.safeParse([]).error?.issues[0]?.code !== 'invalid_type'

const numberOrText = (text: string): unknown =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text

const listed = (text: string): unknown[] => text.split(',').map(numberOrText)

/** A day is its beginning, UTC. */
const timeOf = (text: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)

const nameList = (of: typeof analyses): string => of.map(({ name }) => name).join(', ')

function optionsOf({ name, parameters }: (typeof analyses)[number]): string {
  const { shape } = parameters
  const options = Object.keys(shape).map(
    (parameter) => `--${kebab(isList(shape[parameter]) ? parameter.replace(/s$/, '') : parameter)}`,
  )
  return `  ${name.padEnd(20)} ${options.join(' ')}`
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

function wrong(problem: string): AthenaFailure {
  const usage = [
    'usage: npm run analyse -- [NAME …] [--from T --to T | --days N] [PARAMETERS] [--profile P [--region R]]',
    'analyses and their parameters:',
    ...analyses.map(optionsOf),
  ]
  return new AthenaFailure(`${problem}\n${usage.join('\n')}`, { exitCode: 2 })
}
