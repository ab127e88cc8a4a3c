import { Match } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { analysisTables } from '../../functions/analytics/tables.ts'
import { goneRow } from '../../functions/lake/journey-row.ts'
import { maintenanceStatements } from '../../functions/lake/maintenance.ts'
import { lakeTables } from '../../functions/lake/tables.ts'
import { type Lake, type Place, startLake, startPlace } from './local/lake/local-lake.ts'
import { synthesize } from './synthesized.ts'

const { analysis, operations } = synthesize()

describe('every night the lake', () => {
  const [machine] = Object.values(analysis.findResources('AWS::StepFunctions::StateMachine'))
  const joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })
  const parts = joined.parse(machine?.Properties.DefinitionString)['Fn::Join'][1]
  const text = parts.map((part) => (typeof part === 'string' ? part : 'aws')).join('')
  const definition = JSON.parse(text)

  it('is asked for all that is to be done, one after the other', () => {
    const asked: { sql: string }[] = definition.States.List.Result
    expect(asked.map(({ sql }) => sql)).toEqual(maintenanceStatements)
    const all = [...lakeTables, ...analysisTables].map(({ name }) => `vacuum ${name}`)
    expect(asked.map(({ sql }) => sql.split(/\s+/).slice(0, 2).join(' ')).slice(-all.length)).toEqual(all)
    expect(definition.States.Each).toMatchObject({ Type: 'Map', MaxConcurrency: 1 })
  })

  it('is asked again as long as Athena says that there is more to do, and fails in the end if it must', () => {
    const { Run } = definition.States.Each.ItemProcessor.States
    expect(Run.Resource).toBe('arn:aws:states:::athena:startQueryExecution.sync')
    expect(Run.Retry[0].MaxAttempts).toBeGreaterThan(10)
    expect(Run.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'Remember' }])
    expect(definition.States.Judge.Choices).toMatchObject([{ IsPresent: true, Next: 'Failed' }])
  })

  it('is asked when few others ask', () => {
    analysis.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
    })
  })

  it.each([
    ['AWS/Firehose', 'DeliveryToIceberg.FailedRowCount', /npm run lake -- resend/],
    ['AWS/Firehose', 'DeliveryToIceberg.DataFreshness', /nothing is lost/],
    ['AWS/States', 'ExecutionsFailed', /which statement failed/],
  ])('raises an alarm at %s %s, which says what to do', (Namespace, MetricName, advice) => {
    operations.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace,
      MetricName,
      AlarmDescription: Match.stringLikeRegexp(advice.source),
      TreatMissingData: 'notBreaching',
    })
  })
})

describe('superseded versions of journeys', () => {
  let place: Place
  let lake: Lake

  beforeAll(async () => {
    place = await startPlace()
    lake = await startLake(place)
  })
  afterAll(async () => {
    await lake.close()
    await place.close()
  })

  it('go if there is a later one of the same day, which is over', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)
    const row = (journeyId: string, personId: string, version: number, days: number) => {
      const journey = { journeyId, startKey: 'k', startedAt: '2026-01-01T00:00:00.000Z' }
      return goneRow(journey, { personId, version, now: daysAgo(days) })
    }
    await lake.put([
      ...[row('a', 'p', 1, 9), row('a', 'p', 2, 9), row('a', 'p', 2, 9), row('a', 'p', 3, 9)],
      ...[row('a', 'p', 4, 8), row('a', 'p', 5, 0), row('a', 'p', 6, 0)],
      ...[row('a', 'q', 1, 9), row('b', 'p', 5, 3), row('b', 'p', 4, 2)],
    ])
    const [superseded = ''] = maintenanceStatements
    expect(await lake.query(superseded)).toMatchObject({ updateCount: 3 })
    const left = 'select journey_id, person_id, version from journey_log order by 1, 2, 3'
    expect((await lake.rows(left)).map((found) => found.join(' '))).toEqual([
      ...['a p 3', 'a p 4', 'a p 5', 'a p 6'],
      ...['a q 1', 'b p 4', 'b p 5'],
    ])
  })
})
