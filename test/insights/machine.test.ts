import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAnswers } from '../../functions/analytics/answers.ts'
import { type Step, takeStep } from '../../functions/analytics/steps.ts'
import { retail } from '../../functions/journey/model.ts'
import { createAwsCall } from '../../infra/local/aws-json.ts'
import type { InvocationResult } from '../../infra/local/environment.ts'
import { serveStateMachines } from '../../infra/local/states/serve.ts'
import { createResolver, templateSchema } from '../../infra/local/template.ts'
import { database, workGroup } from '../infra/local/lake/lake-resources.ts'
import { synthesize } from '../infra/synthesized.ts'
import { resources } from '../lake/journey-lake.ts'
import { touchpointRowOf } from '../lake/journey-truth.ts'
import { hasDynoxide } from '../simulation/dynoxide.ts'
import { type EndedRun, type InsightsWorld, startInsightsWorld } from './insights-world.ts'

/** The state machine of the template, with the names of the lake that is tried here. */
function machineOf() {
  const { stateful, analysis } = synthesize()
  const templates = [stateful, analysis].map((template) => templateSchema.parse(template.toJSON()))
  const machines = createResolver(templates).resources('AWS::StepFunctions::StateMachine')
  const machine = machines.find(({ name }) => name === 'omnijourney-trial-analysis')
  const definition = z.string().parse(machine?.properties.DefinitionString)
  const named = definition
    .replaceAll('"omnijourney-trial"', `"${workGroup}"`)
    .replaceAll('"omnijourney_trial"', `"${database}"`)
  return { name: 'analysis', arn: String(machine?.arn), definition: named }
}

const order = (customer: string, total: number) =>
  touchpointRowOf({
    ...{ id: `${customer}-${total}`, source: 'shop', channel: 'web', type: 'purchase', nodeId: customer },
    ...{ time: '2026-11-01T10:00:00.000Z', fingerprint: '', order: { id: `${customer}-${total}`, total } },
  })

describe.skipIf(!hasDynoxide)('the state machine of analyses', () => {
  let world: InsightsWorld
  let server: Awaited<ReturnType<typeof serveStateMachines>>
  let states: SFNClient
  /** What it makes of a statement before Athena gets it. */
  let spoil: (sql: string) => string
  const machine = machineOf()

  beforeAll(async () => {
    world = await startInsightsWorld(resources())
    const athena = createAwsCall({
      endpoint: world.lake.endpoint,
      target: 'AmazonAthena',
      jsonVersion: '1.1',
    })
    const steps = {
      answerTo: createAnswers(world.lake.athena),
      model: retail,
      now: () => new Date(),
      onFailure: () => undefined,
    }
    const arn = (name: string) =>
      `arn:aws:lambda:eu-central-1:000000000000:function:omnijourney-trial-${name}`
    const lambdas = new Map([
      [arn('analyse'), invokable((event: Step) => takeStep(event, steps))],
      [arn('refresh'), invokable(({ runs }: { runs: EndedRun[] }) => world.refresh(...runs))],
    ])
    server = await serveStateMachines([machine], {
      port: 0,
      lambdas,
      athena: (operation, input) => {
        const { QueryString, ...others } = z.looseObject({ QueryString: z.string().optional() }).parse(input)
        return athena(
          operation,
          QueryString === undefined ? input : { ...others, QueryString: spoil(QueryString) },
        )
      },
    })
    states = new SFNClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    await world.lake.put([order('ada', 10), order('ben', 20)])
  })
  afterAll(async () => {
    states?.destroy()
    await server?.close()
    await world?.close()
  })
  beforeEach(() => {
    spoil = (sql) => sql
  })

  async function run(input: object) {
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn: machine.arn, input: JSON.stringify(input) }),
    )
    for (;;) {
      const { status, error, cause } = await states.send(new DescribeExecutionCommand({ executionArn }))
      if (status !== 'RUNNING') return { status, error, cause }
    }
  }

  const shown = () => world.lake.rows('select person_id, monetary from latest_rfm order by person_id')
  const history = () =>
    world.lake.rows(`select analysis, status, row_count, reason from analysis_run order by run_id, analysis`)

  it('runs what is asked for, and shows it', async () => {
    expect(await run({ analyses: ['segments'], to: '2026-11-22T00:00:00Z' })).toMatchObject({
      status: 'SUCCEEDED',
    })
    expect(await shown()).toEqual([
      ['ada', '10.0000'],
      ['ben', '20.0000'],
    ])
    expect(await world.store.runOf('segments')).toMatchObject({ to: '2026-11-22T00:00:00.000Z' })
    expect(await world.lake.rows('select count(*) from work_rfm')).toEqual([['0']])
    const [taken = []] = await world.lake.rows(`select status, row_count, query_count,
      seconds > 0 and seconds < 60, bytes_scanned > 0, most_dollars from analysis_history`)
    expect(taken).toEqual(['succeeded', '2', '4', 'true', 'true', '2.0E-4'])
  })

  it('asks again when a statement fails, and nothing is there twice', async () => {
    const before = (await shown()).length
    let asked = 0
    spoil = (sql) => (sql.includes('insert into rfm') && ++asked < 3 ? 'select nothing' : sql)
    expect(await run({ analyses: ['segments'], to: '2026-11-22T00:00:00Z' })).toMatchObject({
      status: 'SUCCEEDED',
    })
    expect(await shown()).toHaveLength(before)
    expect(asked).toBe(3)
  })

  it('leaves in place what was found before when a statement keeps failing, and the others are shown', async () => {
    const [before, pointer] = [await shown(), await world.store.runOf('segments')]
    await world.lake.put([order('cleo', 30)])
    spoil = (sql) => (sql.includes('insert into rfm') ? 'select nothing' : sql)
    const ended = await run({ analyses: ['segments', 'cohorts'], to: '2026-11-22T00:00:00Z' })
    expect(ended).toMatchObject({ status: 'FAILED', error: 'AnalysisFailed' })
    expect(ended.cause).toMatch(/segments.*nothing/)
    expect(await shown()).toEqual(before)
    expect(await world.store.runOf('segments')).toEqual(pointer)
    expect(await world.store.runOf('cohorts')).not.toBeNull()
    expect((await history()).slice(-2)).toEqual([
      ['cohorts', 'succeeded', expect.stringMatching(/[1-9]/), null],
      ['segments', 'failed', '0', expect.stringContaining('nothing')],
    ])
  })

  it('records what was refused, with what would be right', async () => {
    const request = {
      analyses: ['associations'],
      parameters: { associations: { scopes: ['store=nowhere'] } },
    }
    await world.lake.put([
      touchpointRowOf({
        ...{ id: 'b', source: 'shop', channel: 'web', type: 'purchase', nodeId: 'ada', fingerprint: '' },
        ...{
          time: '2026-11-01T11:00:00.000Z',
          order: { id: 'b' },
          items: [{ sku: 'a', quantity: 1, price: 1 }],
        },
      }),
    ])
    expect(await run(request)).toMatchObject({ status: 'FAILED', error: 'AnalysisFailed' })
    expect((await history()).at(-1)).toEqual([
      ...['associations', 'refused', '0'],
      expect.stringMatching(/no basket in store=nowhere; there are some in channel=web/),
    ])
  })

  it('refuses at once what is no request', async () => {
    const { status, cause = '' } = await run({ analyses: ['baskets'] })
    expect(status).toBe('FAILED')
    expect(cause).toMatch(/one of .*associations/)
  })
})

/** As the runtime of functions answers. */
const invokable = <Event>(run: (event: Event) => Promise<unknown>) => ({
  async invoke(payload: string): Promise<InvocationResult> {
    try {
      return {
        kind: 'result',
        result: JSON.parse(JSON.stringify(await run(JSON.parse(payload)))),
        printed: [],
      }
    } catch (error) {
      return { kind: 'error', message: String(error) }
    }
  },
})
