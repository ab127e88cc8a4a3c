import { z } from 'zod'
import { type AwsOperation, awsFailure, awsSuccess, serveAws } from '../aws-server.ts'
import { operationsRefusing } from '../lake/operation.ts'
import { createExecutions, type Execution, type Machine } from './executions.ts'
import type { TaskPorts } from './tasks.ts'

const operation = operationsRefusing('ValidationException')

const startSchema = z.object({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().default('{}').refine(isJson, 'input must be JSON'),
})
const byArn = z.object({ executionArn: z.string() })

/** As much of Step Functions as it takes to start executions and to follow them. */
export async function serveStateMachines(machines: readonly Machine[], ports: TaskPorts & { port: number }) {
  const executions = createExecutions(ports)
  const found = (arn: string, answer: (execution: Execution) => object) => {
    const execution = executions.find(arn)
    return execution
      ? awsSuccess(answer(execution))
      : awsFailure('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
  }
  const operations = new Map<string, AwsOperation>([
    [
      'AWSStepFunctions.ListStateMachines',
      operation(z.object({}), () =>
        awsSuccess({
          stateMachines: machines.map(({ name, arn }) => ({
            name,
            stateMachineArn: arn,
            type: 'STANDARD',
            creationDate: 0,
          })),
        }),
      ),
    ],
    [
      'AWSStepFunctions.StartExecution',
      operation(startSchema, ({ stateMachineArn, ...asked }) => {
        const machine = machines.find(({ arn }) => arn === stateMachineArn)
        if (!machine)
          return awsFailure('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`)
        const { arn, startedAt } = executions.start(machine, asked)
        return awsSuccess({ executionArn: arn, startDate: seconds(startedAt) })
      }),
    ],
    [
      'AWSStepFunctions.DescribeExecution',
      operation(byArn, ({ executionArn }) => found(executionArn, describe)),
    ],
    [
      'AWSStepFunctions.GetExecutionHistory',
      operation(byArn, ({ executionArn }) => found(executionArn, historyOf)),
    ],
    [
      'AWSStepFunctions.StopExecution',
      operation(byArn, ({ executionArn }) =>
        found(executionArn, (execution) => {
          execution.abort()
          return { stopDate: seconds(new Date()) }
        }),
      ),
    ],
  ])
  return serveAws(ports.port, operations)
}

function describe(execution: Execution) {
  const { arn, name, machine, input, startedAt, stoppedAt, status, output, error } = execution
  return {
    executionArn: arn,
    name,
    stateMachineArn: machine.arn,
    status,
    input,
    startDate: seconds(startedAt),
    ...(stoppedAt && { stopDate: seconds(stoppedAt) }),
    ...(output !== null && { output }),
    ...(error && { error: error.name, cause: error.cause }),
  }
}

const historyOf = ({ history }: Execution) => ({
  events: history.map(({ at, name, output }, before) => ({
    id: before + 1,
    timestamp: seconds(at),
    type: 'TaskStateExited',
    stateExitedEventDetails: { name, output: JSON.stringify(output) },
  })),
})

/** As the service writes times. */
const seconds = (date: Date): number => date.getTime() / 1000

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
