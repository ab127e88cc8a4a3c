import * as z from 'zod'
import { analyses } from './analyses.ts'
import type { Analysis } from './analysis.ts'
import type { RunState } from './run.ts'

const names = analyses.map(({ name }) => name)
const namesText = `one of ${names.join(', ')}`
const timeText = 'a time in UTC, such as 2026-11-22T00:00:00Z'
const daysText = 'a number of days above 0'

/** The input of an execution: which analyses, of what time, with what. */
const requestSchema = z.strictObject({
  analyses: z.array(z.enum(names, namesText)).min(1, 'at least one analysis').default(names),
  /** By the name of the analysis; what is not given has its default. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** What happened from here on counts; without it everything, or what `days` says. */
  from: z.iso.datetime(timeText).optional(),
  /** What happened before this counts; without it all until the start of the run. */
  to: z.iso.datetime(timeText).optional(),
  /** Instead of `from`: so many days before `to`. */
  days: z.number(daysText).positive(daysText).optional(),
})

export type AnalysisRequest = z.input<typeof requestSchema>

const dayMs = 86_400_000
/** Before all that happened. */
const beginning = new Date(0)

/**
 * What is to be run.
 * @throws z.ZodError that says where the request is wrong and what would be right
 */
export function runsOf(
  request: unknown,
  { name, startedAt }: { name: string; startedAt: string },
): RunState[] {
  const { parameters, ...asked } = checkedRequest.parse(request)
  const to = asked.to ? new Date(asked.to) : new Date(startedAt)
  const from = fromOf(asked, to)
  return [...new Set(asked.analyses)].map((analysis) => ({
    analysis,
    runId: `${startedAt}-${name}`,
    from: from.toISOString(),
    to: to.toISOString(),
    parameters: analysisNamed(analysis).parameters.parse(parameters[analysis] ?? {}),
    startedAt,
    executions: [],
    bytesScanned: 0,
    failures: 0,
    ending: null,
    isRecorded: false,
  }))
}

/** With the parameters of each analysis. */
export const checkedRequest = requestSchema.superRefine(({ parameters, ...asked }, context) => {
  if (asked.from !== undefined && asked.days !== undefined)
    context.addIssue({ code: 'custom', path: ['days'], message: 'either from or days, not both' })
  if (asked.from && asked.to && new Date(asked.from) >= new Date(asked.to))
    context.addIssue({ code: 'custom', path: ['to'], message: 'a time after from' })
  for (const [name, given] of Object.entries(parameters)) {
    if (!names.includes(name))
      context.addIssue({ code: 'custom', path: ['parameters', name], message: namesText })
    const { error } = analyses.find((one) => one.name === name)?.parameters.safeParse(given) ?? {}
    for (const issue of error?.issues ?? [])
      context.addIssue({ ...issue, path: ['parameters', name, ...issue.path] })
  }
})

function fromOf({ from, days }: { from?: string | undefined; days?: number | undefined }, to: Date): Date {
  if (from !== undefined) return new Date(from)
  return days === undefined ? beginning : new Date(Math.max(to.getTime() - days * dayMs, 0))
}

export function analysisNamed(name: string): Analysis {
  const found = analyses.find((analysis) => analysis.name === name)
  if (!found) throw new Error(`there is no analysis ${name}`)
  return found
}
