import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { AwsCall } from '../aws-json.ts'
import type { Lambda } from '../lambda.ts'

export interface TaskPorts {
  /** By their ARN. */
  lambdas: ReadonlyMap<string, Pick<Lambda, 'invoke'>>
  athena: AwsCall
}

type Json = z.infer<ReturnType<typeof z.json>>
type Handler = (input: unknown) => Promise<Json>

/** What fails with the name by which `Retry` and `Catch` know it. */
class TaskError extends Error {
  constructor(name: string, cause: string) {
    super(cause)
    this.name = name
  }
}

/**
 * How a task is done on this machine, by the end of its resource's ARN.
 * @throws Error for a service that the local runtime does not have
 */
export function handlerOf(resource: string, ports: TaskPorts): Handler {
  const [, integration = resource] = /^arn:[^:]+:states:::(.*)$/.exec(resource) ?? []
  switch (integration) {
    case 'lambda:invoke':
      return (input) => invoke(input, ports)
    case 'athena:startQueryExecution.sync':
      return (input) => runQuery(input, ports)
    default:
      throw new Error(`The state machines use ${resource}, which the local runtime does not know`)
  }
}

const invocationSchema = z.object({ FunctionName: z.string(), Payload: z.unknown() })

async function invoke(input: unknown, { lambdas }: TaskPorts) {
  const { FunctionName, Payload } = invocationSchema.parse(input)
  const lambda = lambdas.get(FunctionName)
  if (!lambda) throw new TaskError('Lambda.ResourceNotFoundException', `there is no ${FunctionName}`)
  const outcome = await lambda.invoke(JSON.stringify(Payload))
  if (outcome.kind === 'error') {
    const [first = ''] = outcome.message.split('\n    at ')
    const [, errorType = 'Error', errorMessage = first] = /^(\w+): (.*)$/s.exec(first) ?? []
    throw new TaskError(errorType, JSON.stringify({ errorType, errorMessage }))
  }
  return { StatusCode: 200, Payload: z.json().parse(outcome.result) }
}

const startedSchema = z.object({ QueryExecutionId: z.string() })
const executionSchema = z.object({
  QueryExecution: z.object({ Status: z.object({ State: z.string() }).catchall(z.json()) }).catchall(z.json()),
})
const betweenLooksMs = 20

async function runQuery(input: unknown, { athena }: TaskPorts) {
  const started = await called(athena('StartQueryExecution', z.looseObject({}).parse(input)))
  const { QueryExecutionId } = startedSchema.parse(started)
  for (;;) {
    const { QueryExecution } = executionSchema.parse(
      await called(athena('GetQueryExecution', { QueryExecutionId })),
    )
    if (QueryExecution.Status.State === 'SUCCEEDED') return { QueryExecution }
    if (['FAILED', 'CANCELLED'].includes(QueryExecution.Status.State))
      throw new TaskError('States.TaskFailed', JSON.stringify({ QueryExecution }))
    await delay(betweenLooksMs)
  }
}

/** Errors of a service have its name before them in a state machine. */
async function called(answer: Promise<unknown>) {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error) throw new TaskError(`Athena.${error.name}`, error.message)
    throw error
  }
}
