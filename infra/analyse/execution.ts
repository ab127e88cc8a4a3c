import { setTimeout as delay } from 'node:timers/promises'
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListStateMachines,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { z } from 'zod'
import type { AnalysisRequest } from '../../functions/analytics/request.ts'
import { AthenaFailure } from '../athena/failure.ts'
import { configured } from '../configured.ts'

export interface EndedRun {
  analysis: string
  runId: string
  from: string
  to: string
  startedAt: string
  bytesScanned: number
  status: string
  reason: string | null
}

const betweenLooksMs = 250

/** @throws AthenaFailure if there is none, or several */
async function findMachine(client: SFNClient): Promise<string> {
  const { name: begins, prefix } = configured()
  const found = new Map<string, string>()
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {}))
    for (const { name = '', stateMachineArn = '' } of stateMachines)
      if (name.startsWith(begins) && name.endsWith('-analysis')) found.set(name, stateMachineArn)
  const [first, ...others] = found.values()
  const only = found.get(`${prefix}-analysis`) ?? (others.length === 0 ? first : undefined)
  if (only !== undefined) return only
  throw new AthenaFailure(
    first === undefined
      ? `there is no state machine ${prefix}-analysis`
      : `there are several: ${[...found.keys()].join(', ')}`,
  )
}

const chosenSchema = z.object({
  isDone: z.literal(false),
  said: z.array(z.string()),
  state: z.object({ analysis: z.string(), executions: z.array(z.string()) }),
})
const endedSchema = z.object({
  isDone: z.literal(true),
  run: z.object({
    analysis: z.string(),
    runId: z.string(),
    from: z.string(),
    to: z.string(),
    startedAt: z.string(),
    bytesScanned: z.number(),
    status: z.string(),
    reason: z.string().nullable(),
  }),
})

export interface Watcher {
  said(analysis: string, message: string): void
  reached(analysis: string, statements: number): void
  ended(run: EndedRun): void
}

/** Starts an execution and follows it to its end; stops it when the signal comes first. */
export async function runExecution(
  client: SFNClient,
  request: AnalysisRequest,
  { signal, watcher }: { signal: AbortSignal; watcher: Watcher },
): Promise<void> {
  const stateMachineArn = await findMachine(client)
  const start = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(request) })
  const { executionArn } = await client.send(start)
  const told = new Set<number>()
  for (;;) {
    const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }))
    // After the state was asked for: what ended meanwhile is told in any case.
    await follow(client, executionArn, { told, watcher })
    if (status === 'SUCCEEDED') return
    // Of an analysis that failed its run tells why.
    if (error === 'AnalysisFailed') return
    if (status !== 'RUNNING') throw new AthenaFailure(`the execution ${status}: ${messageIn(cause ?? error)}`)
    if (signal.aborted) {
      await client.send(new StopExecutionCommand({ executionArn }))
      throw new AthenaFailure('stopped')
    }
    await delay(betweenLooksMs, undefined, { signal }).catch(() => undefined)
  }
}

const causeSchema = z.object({ errorMessage: z.string() })

/** What a function threw, without its wrapping. */
function messageIn(cause = ''): string {
  try {
    return causeSchema.parse(JSON.parse(cause)).errorMessage
  } catch {
    return cause
  }
}

async function follow(
  client: SFNClient,
  executionArn: string | undefined,
  { told, watcher }: { told: Set<number>; watcher: Watcher },
) {
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn }))
    for (const { id = 0, stateExitedEventDetails } of events) {
      if (told.has(id) || stateExitedEventDetails?.name !== 'Choose') continue
      told.add(id)
      const output: unknown = JSON.parse(stateExitedEventDetails.output ?? 'null')
      const chosen = chosenSchema.safeParse(output)
      if (chosen.success) {
        const { said, state } = chosen.data
        for (const message of said) watcher.said(state.analysis, message)
        watcher.reached(state.analysis, state.executions.length)
      }
      const ended = endedSchema.safeParse(output)
      if (ended.success) watcher.ended(ended.data.run)
    }
}
