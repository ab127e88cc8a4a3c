import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import type { Config } from './config.ts'
import { lakeStreamName } from './lake-delivery.ts'

interface Watched {
  config: Config
  maintenance: StateMachine
  analysis: StateMachine
}

/** Each says what it means for whoever asks the lake, and what to do first. */
export function createLakeAlarms(scope: Construct, { config, maintenance, analysis }: Watched): void {
  const delivery = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/Firehose',
      metricName: `DeliveryToIceberg.${metricName}`,
      dimensionsMap: { DeliveryStreamName: lakeStreamName(config) },
      statistic,
      period: Duration.minutes(5),
    })
  const alarm = (id: string, metric: Metric, threshold: number, alarmDescription: string) =>
    new Alarm(scope, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
  alarm(
    'LakeRowsFailed',
    delivery('FailedRowCount', 'Sum'),
    0,
    'Rows are missing in the lake; nothing is lost: they lie under errors/ in its bucket, each with its reason. Look with `npm run lake -- errors`, and after a fix send them again with `npm run lake -- resend`.',
  )
  alarm(
    'LakeBehind',
    delivery('DataFreshness', 'Maximum'),
    latestSeconds(config),
    "What analysts see is older than it should be; nothing is lost. Look into the log of the delivery stream, and whether its throughput is at the account's limit.",
  )
  alarm(
    'LakeMaintenanceFailed',
    maintenance.metricFailed({ period: Duration.minutes(5) }),
    0,
    'The lake grows and gets slower, and what was erased lies in its files longer; answers stay right. The last execution of the state machine says which statement failed and why.',
  )
  alarm(
    'AnalysisFailed',
    analysis.metricFailed({ period: Duration.minutes(5) }),
    0,
    'An analysis failed or was refused; what it found before stays in place and is still shown, the other analyses are new. `npm run athena -- "select * from analysis_run order by started_at desc"` says which one and why; after a fix `npm run analyse -- NAME --profile P` runs it again.',
  )
}

/** Three buffers: one that fills, one that is written, one that was tried again. */
const latestSeconds = ({ lakeBufferSeconds }: Config): number => 3 * lakeBufferSeconds + 300
