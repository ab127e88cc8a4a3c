import { randomUUID } from 'node:crypto'
import { StateMachine } from 'aws-local-stepfunctions'
import { z } from 'zod'
import { handlerOf, type TaskPorts } from './tasks.ts'

export interface Machine {
  name: string
  arn: string
  /** In Amazon States Language. */
  definition: string
}

type Definition = ConstructorParameters<typeof StateMachine>[0]

/** An event of the history, as far as people follow it: what states ended with. */
interface StateExited {
  at: Date
  name: string
  output: unknown
}

export interface Execution {
  arn: string
  name: string
  machine: Machine
  input: string
  startedAt: Date
  stoppedAt: Date | null
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED'
  output: string | null
  error: { name: string; cause: string } | null
  history: StateExited[]
  abort(): void
}

/** Executions of state machines; they live as long as this process does. */
export function createExecutions(ports: TaskPorts) {
  const executions = new Map<string, Execution>()

  function start(
    machine: Machine,
    { input, name = randomUUID() }: { input: string; name?: string | undefined },
  ) {
    const definition: Definition = JSON.parse(machine.definition)
    const startedAt = new Date()
    const running = new StateMachine(definition, { validationOptions: { noValidate: true } }).run(
      JSON.parse(input),
      {
        overrides: { taskResourceLocalHandlers: handlersOf(definition, ports) },
        context: {
          Execution: {
            Id: executionArn(machine, name),
            Name: name,
            Input: JSON.parse(input),
            StartTime: startedAt.toISOString(),
          },
          StateMachine: { Id: machine.arn, Name: machine.name },
        },
      },
    )
    const execution: Execution = {
      arn: executionArn(machine, name),
      name,
      machine,
      input,
      startedAt,
      stoppedAt: null,
      status: 'RUNNING',
      output: null,
      error: null,
      history: [],
      abort() {
        execution.status = 'ABORTED'
        running.abort()
      },
    }
    executions.set(execution.arn, execution)
    void follow(execution, running)
    return execution
  }

  return { start, find: (arn: string) => executions.get(arn) }
}

const executionArn = ({ arn }: Machine, name: string) =>
  `${arn.replace(':stateMachine:', ':execution:')}:${name}`

async function follow(execution: Execution, running: ReturnType<StateMachine['run']>) {
  const logged = readHistory(execution, running.eventLogs)
  try {
    const output = await running.result
    await logged
    execution.output = JSON.stringify(output)
    execution.status = 'SUCCEEDED'
  } catch (error) {
    await logged.catch(() => undefined)
    if (execution.status !== 'ABORTED') execution.status = 'FAILED'
    execution.error ??= { name: 'States.Runtime', cause: String(error) }
  }
  execution.stoppedAt = new Date()
}

const failedSchema = z.object({ type: z.literal('ExecutionFailed'), Error: z.string(), Cause: z.unknown() })

async function readHistory(execution: Execution, events: ReturnType<StateMachine['run']>['eventLogs']) {
  for await (const event of events) {
    if (event.type === 'StateExited')
      execution.history.push({
        at: new Date(event.timestamp),
        name: event.state.name,
        output: event.state.output,
      })
    const failed = failedSchema.safeParse(event)
    if (failed.success) {
      const { Error: name, Cause } = failed.data
      execution.error = { name, cause: typeof Cause === 'string' ? Cause : JSON.stringify(Cause) }
    }
  }
}

const stateSchema = z.looseObject({ Type: z.string(), Resource: z.string().optional() })

/** Of all tasks, also of those within others; names are unique in a machine. */
function handlersOf(definition: unknown, ports: TaskPorts) {
  const handlers: Record<string, ReturnType<typeof handlerOf>> = {}
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      const state = stateSchema.safeParse(inner)
      if (state.success && state.data.Type === 'Task')
        handlers[key] = handlerOf(state.data.Resource ?? '', ports)
      visit(inner)
    }
  }
  visit(definition)
  return handlers
}
