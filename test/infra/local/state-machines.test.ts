import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAwsCall } from '../../../infra/local/aws-json.ts'
import { serveStateMachines } from '../../../infra/local/states/serve.ts'
import { workGroup } from './lake/lake-resources.ts'
import { type Lake, type Place, startLake, startPlace } from './lake/local-lake.ts'

const machine = (name: string, States: object, StartAt = 'Ask') => ({
  name,
  arn: `arn:aws:states:eu-central-1:000000000000:stateMachine:${name}`,
  definition: JSON.stringify({ StartAt, States }),
})

const ask = {
  Type: 'Task',
  Resource: 'arn:aws:states:::athena:startQueryExecution.sync',
  Parameters: { 'QueryString.$': '$.sql', WorkGroup: workGroup },
  ResultSelector: {
    'id.$': '$.QueryExecution.QueryExecutionId',
    'bytes.$': '$.QueryExecution.Statistics.DataScannedInBytes',
  },
  ResultPath: '$.answer',
  Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.failure', Next: 'Caught' }],
  End: true,
}
const call = (FunctionName: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName, Payload: { 'name.$': '$$.Execution.Name', 'all.$': '$' } },
  OutputPath: '$.Payload',
  End: true,
})

const machines = [
  machine('asking', { Ask: ask, Caught: { Type: 'Pass', End: true } }),
  machine('calling', { Ask: call('echo') }),
  machine('breaking', { Ask: call('broken') }),
  machine('judging', { Ask: { Type: 'Fail', Error: 'TooBad', Cause: 'it was bad' } }),
  machine('waiting', { Ask: { Type: 'Wait', Seconds: 3_600, End: true } }),
]

/** What the runtime of functions answers; those themselves are tried in their own tests. */
const lambdas = new Map([
  [
    'echo',
    {
      invoke: async (payload: string) => ({
        kind: 'result' as const,
        result: JSON.parse(payload),
        printed: [],
      }),
    },
  ],
  [
    'broken',
    { invoke: async () => ({ kind: 'error' as const, message: 'TypeError: no such thing\n    at here' }) },
  ],
])

let place: Place
let lake: Lake
let server: Awaited<ReturnType<typeof serveStateMachines>>
let client: SFNClient

beforeAll(async () => {
  place = await startPlace()
  lake = await startLake(place)
  const athena = createAwsCall({ endpoint: lake.endpoint, target: 'AmazonAthena', jsonVersion: '1.1' })
  server = await serveStateMachines(machines, { port: 0, lambdas, athena })
  client = new SFNClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
})
afterAll(async () => {
  client.destroy()
  await server.close()
  await lake.close()
  await place.close()
})

const start = async (name: string, input: unknown = {}) => {
  const { executionArn } = await client.send(
    new StartExecutionCommand({
      stateMachineArn: machines.find((one) => one.name === name)?.arn,
      input: JSON.stringify(input),
    }),
  )
  return executionArn
}

async function ended(executionArn: string | undefined): Promise<DescribeExecutionCommandOutput> {
  for (;;) {
    const described = await client.send(new DescribeExecutionCommand({ executionArn }))
    if (described.status !== 'RUNNING') return described
  }
}

describe('state machines of this machine', () => {
  it('are listed', async () => {
    const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}))
    expect(stateMachines.map(({ name }) => name)).toEqual(machines.map(({ name }) => name))
  })

  it('ask Athena and wait for the answer', async () => {
    const { status, output = '' } = await ended(await start('asking', { sql: 'select 1' }))
    expect(status).toBe('SUCCEEDED')
    expect(JSON.parse(output)).toEqual({
      sql: 'select 1',
      answer: { id: expect.stringMatching(/^[\w-]{36}$/), bytes: expect.any(Number) },
    })
  })

  it('catch what Athena could not answer, with its reason', async () => {
    const { output = '' } = await ended(await start('asking', { sql: 'select nothing' }))
    const { failure } = JSON.parse(output)
    expect(failure.Error).toBe('States.TaskFailed')
    expect(JSON.parse(failure.Cause).QueryExecution.Status.StateChangeReason).toMatch(/nothing/)
  })

  it('call functions with what they chose, and tell what states ended with', async () => {
    const executionArn = await start('calling', { a: 1 })
    const { output = '', name } = await ended(executionArn)
    expect(JSON.parse(output)).toEqual({ name, all: { a: 1 } })
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }))
    expect(events.map(({ type, stateExitedEventDetails }) => [type, stateExitedEventDetails?.name])).toEqual([
      ['TaskStateExited', 'Ask'],
    ])
    expect(JSON.parse(events[0]?.stateExitedEventDetails?.output ?? '')).toEqual({ name, all: { a: 1 } })
  })

  it('fail with what a function threw', async () => {
    const { status, error, cause = '' } = await ended(await start('breaking'))
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'TypeError' })
    expect(JSON.parse(cause)).toMatchObject({ errorMessage: 'no such thing' })
  })

  it('fail as they say themselves', async () => {
    expect(await ended(await start('judging'))).toMatchObject({
      status: 'FAILED',
      error: 'TooBad',
      cause: 'it was bad',
    })
  })

  it('stop when they are told to', async () => {
    const executionArn = await start('waiting')
    await client.send(new StopExecutionCommand({ executionArn }))
    expect((await ended(executionArn)).status).toBe('ABORTED')
  })

  it('refuse what they do not know', async () => {
    await expect(start('unknown')).rejects.toThrow()
    const executionArn = 'arn:aws:states:eu-central-1:000000000000:execution:asking:none'
    await expect(client.send(new DescribeExecutionCommand({ executionArn }))).rejects.toThrow(
      /does not exist/i,
    )
    const stateMachineArn = machines[0]?.arn
    await expect(client.send(new StartExecutionCommand({ stateMachineArn, input: '{' }))).rejects.toThrow(
      /JSON/,
    )
  })
})
