import { Aws, Duration, Stack, TimeZone, Validations } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import {
  Schedule,
  ScheduleExpression,
  type ScheduleGroup,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler'
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import type { AnalysisRequest } from '../functions/analytics/request.ts'
import { allowAnswers, allowQueries } from './athena-access.ts'
import type { Config } from './config.ts'
import { createFunction, type Site } from './function.ts'
import { allow, allowTable } from './grants.ts'
import { createLogGroup } from './log-group.ts'

/** Results come by the thousand rows, and mathematics over many takes its time. */
const stepTimeout = Duration.minutes(10)
const refreshTimeout = Duration.minutes(15)
/** Athena takes some twenty queries of an account at once, and others ask, too. */
const atOnce = 3

/**
 * Analyses, every night and whenever asked: a state machine that for each one asks a function for the next statement and
 * Athena for its answer, until there is none, and then brings into `insights` what answers in real time need.
 */
export function createAnalysis(site: Site, schedules: ScheduleGroup): StateMachine {
  const { scope, config, data } = site
  const workGroup = config.prefix
  const analyse = createFunction(site, 'analyse', {
    description: 'Says what is to be asked next in an analysis',
    timeout: stepTimeout,
    traced: true,
    memorySize: 2048,
    places: ['SETTINGS'],
  })
  const refresh = createFunction(site, 'refresh', {
    description: 'Brings what analyses found to where it answers in real time',
    timeout: refreshTimeout,
    traced: true,
    memorySize: 1024,
    places: ['INSIGHTS_TABLE', 'LAKE_DATABASE', 'LAKE_WORK_GROUP', 'SETTINGS'],
  })
  allowTable(
    data,
    { table: data.insights, grantee: refresh },
    'BatchGetItem',
    'Query',
    'PutItem',
    'PartiQLInsert',
  )
  allowQueries(refresh, { data, workGroup, writes: false })
  allowAnswers(analyse, { data, workGroup })
  const role = new Role(scope, 'AnalysisRole', {
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  })
  allowQueries(role, { data, workGroup, writes: true })
  // Not grantInvoke, which would allow every version of them.
  const resources = [analyse, refresh].map(({ functionArn }) => functionArn)
  allow(role, ['lambda:InvokeFunction'], resources)
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Log deliveries and traces are not resources that a policy could name (AWS Step Functions).',
  })
  const definition = definitionOf({ analyse, refresh, workGroup, database: data.lake.database })
  const machine = new StateMachine(scope, 'Analysis', {
    stateMachineName: `${config.prefix}-analysis`,
    comment: 'omnijourney: what sells together, what leads to the sale, who the customers are',
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    role,
    tracingEnabled: true,
    logs: {
      level: LogLevel.ALL,
      includeExecutionData: false,
      destination: createLogGroup(scope, 'AnalysisLogs', { ...site, name: 'analysis', vended: true }),
    },
  })
  createSchedule(scope, { machine, config, schedules })
  return machine
}

/** After the lake was tidied up. */
function createSchedule(
  scope: Construct,
  { machine, config, schedules }: { machine: StateMachine; config: Config; schedules: ScheduleGroup },
) {
  const { analysis } = config
  const request: AnalysisRequest = { days: analysis.days, parameters: analysis.parameters }
  new Schedule(scope, 'AnalysisSchedule', {
    description: 'omnijourney: analyses',
    scheduleGroup: schedules,
    schedule: ScheduleExpression.cron({ minute: '30', hour: '3', timeZone: TimeZone.ETC_UTC }),
    target: new StepFunctionsStartExecution(machine, { input: ScheduleTargetInput.fromObject(request) }),
  })
}

interface Parts {
  analyse: IFunction
  refresh: IFunction
  workGroup: string
  database: string
}

/** What Lambda asks of its callers (Step Functions Developer Guide, "Handle transient Lambda service exceptions"). */
const retriedLambda = [
  {
    ErrorEquals: [
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
    ],
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
  },
]

function definitionOf({ analyse, refresh, workGroup, database }: Parts) {
  const call = ({ functionArn }: IFunction, payload: object) => ({
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: { FunctionName: functionArn, Payload: payload },
    OutputPath: '$.Payload',
    Retry: retriedLambda,
  })
  const ask = {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::athena:startQueryExecution.sync`,
    Parameters: {
      'QueryString.$': '$.sql',
      'ClientRequestToken.$': '$.token',
      WorkGroup: workGroup,
      QueryExecutionContext: { Database: database },
    },
    ResultSelector: {
      'executionId.$': '$.QueryExecution.QueryExecutionId',
      'bytesScanned.$': '$.QueryExecution.Statistics.DataScannedInBytes',
    },
    ResultPath: '$.answer',
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Choose' }],
    Next: 'Choose',
  }
  return {
    StartAt: 'Prepare',
    States: {
      Prepare: {
        ...call(analyse, {
          step: 'prepare',
          'request.$': '$$.Execution.Input',
          'name.$': '$$.Execution.Name',
          'startedAt.$': '$$.Execution.StartTime',
        }),
        Next: 'Each',
      },
      Each: {
        Type: 'Map',
        ItemsPath: '$.runs',
        MaxConcurrency: atOnce,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'Choose',
          States: {
            Choose: { ...call(analyse, { step: 'next', 'run.$': '$' }), Next: 'IsDone' },
            IsDone: {
              Type: 'Choice',
              Choices: [{ Variable: '$.isDone', BooleanEquals: true, Next: 'Ended' }],
              Default: 'Ask',
            },
            Ask: ask,
            Ended: { Type: 'Pass', OutputPath: '$.run', End: true },
          },
        },
        Next: 'Refresh',
      },
      Refresh: {
        ...call(refresh, { 'runs.$': '$' }),
        Next: 'Judge',
      },
      // What succeeded is shown, whatever became of the others.
      Judge: {
        Type: 'Choice',
        Choices: [{ Variable: '$.failed[0]', IsPresent: true, Next: 'Failed' }],
        Default: 'Done',
      },
      Failed: { Type: 'Fail', Error: 'AnalysisFailed', CausePath: '$.cause' },
      Done: { Type: 'Succeed' },
    },
  }
}
