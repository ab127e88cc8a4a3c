import { Aws, Stack, TimeZone, Validations } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Schedule, ScheduleExpression, type ScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { maintenanceStatements } from '../functions/lake/maintenance.ts'
import { allowQueries } from './athena-access.ts'
import type { Config } from './config.ts'
import { createLogGroup } from './log-group.ts'
import type { Stateful } from './stateful.ts'

interface Maintenance {
  config: Config
  data: Stateful
  schedules: ScheduleGroup
}

/** Keeps the lake small and quick, every night: a state machine that asks Athena, statement by statement. */
export function createLakeMaintenance(
  scope: Construct,
  { config, data, schedules }: Maintenance,
): StateMachine {
  const workGroup = config.prefix
  const definition = definitionOf({ workGroup, database: data.lake.database })
  const machine = new StateMachine(scope, 'LakeMaintenance', {
    stateMachineName: `${config.prefix}-maintenance`,
    comment: 'omnijourney: keeps the lake small and quick',
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    role: createRole(scope, data, workGroup),
    tracingEnabled: true,
    logs: {
      level: LogLevel.ALL,
      includeExecutionData: false,
      destination: createLogGroup(scope, 'LakeMaintenanceLogs', {
        config,
        data,
        name: 'maintenance',
        vended: true,
      }),
    },
  })
  new Schedule(scope, 'LakeMaintenanceSchedule', {
    description: 'omnijourney: when few ask the lake',
    scheduleGroup: schedules,
    schedule: ScheduleExpression.cron({ minute: '30', hour: '2', timeZone: TimeZone.ETC_UTC }),
    target: new StepFunctionsStartExecution(machine, {}),
  })
  return machine
}

/** So many files go in one round of VACUUM, and so many partitions are rewritten in one of OPTIMIZE: it asks for more. */
const mostRounds = 50

/** One statement that fails does not keep the others from being run; in the end the execution fails for it. */
function definitionOf({ workGroup, database }: { workGroup: string; database: string }) {
  const task = {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::athena:startQueryExecution.sync`,
    Parameters: {
      'QueryString.$': '$.sql',
      WorkGroup: workGroup,
      QueryExecutionContext: { Database: database },
    },
    ResultPath: '$.done',
    Retry: [
      { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 10, BackoffRate: 1, MaxAttempts: mostRounds },
    ],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Remember' }],
    End: true,
  }
  return {
    StartAt: 'List',
    States: {
      List: { Type: 'Pass', Result: maintenanceStatements.map((sql) => ({ sql })), Next: 'Each' },
      Each: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'Run',
          States: { Run: task, Remember: { Type: 'Pass', End: true } },
        },
        ResultSelector: { 'failures.$': '$[?(@.failure)]' },
        Next: 'Judge',
      },
      Judge: {
        Type: 'Choice',
        Choices: [{ Variable: '$.failures[0]', IsPresent: true, Next: 'Failed' }],
        Default: 'Done',
      },
      Failed: { Type: 'Fail', Error: 'StatementFailed', CausePath: 'States.JsonToString($.failures)' },
      Done: { Type: 'Succeed' },
    },
  }
}

function createRole(scope: Construct, data: Stateful, workGroup: string): Role {
  const role = new Role(scope, 'LakeMaintenanceRole', {
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  })
  allowQueries(role, { data, workGroup, writes: true })
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Log deliveries and traces are not resources that a policy could name (AWS Step Functions).',
  })
  return role
}
