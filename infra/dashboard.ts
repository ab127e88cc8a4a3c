import { Duration } from 'aws-cdk-lib'
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  MathExpression,
  type Metric,
  PeriodOverride,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { rejectionReasons } from '../functions/touchpoint/vocabulary.ts'
import type { FunctionName } from './build.ts'
import {
  behindStreams,
  capacities,
  createMetrics,
  idIn,
  type Metrics,
  maximum,
  sum,
  total,
  type Watched,
} from './metrics.ts'
import { hourlyCosts } from './spending.ts'

/** One screen: what comes in, how far behind it is, what is rejected, who asks, what fails, what it costs. */
export function createDashboard(scope: Construct, watched: Watched, alarms: Alarm[]): Dashboard {
  const metrics = createMetrics(watched)
  const costs = hourlyCosts(watched, metrics)
  const { ofApi, ofFunction } = metrics
  const perFunction = (metricName: string, names: readonly FunctionName[]) =>
    names.map((name) => labelled(ofFunction(name)(metricName, sum), name))
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: watched.config.prefix,
    defaultInterval: Duration.hours(12),
    periodOverride: PeriodOverride.INHERIT,
    widgets: [
      [new TextWidget({ markdown: readMe(watched), width: 24, height: 3 })],
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })],
      [
        graph('Events that come in, in 5 minutes', comingIn(metrics)),
        graph('How far behind, in seconds', behind(metrics)),
        graph('Rejected events by reason, in 5 minutes', rejections(metrics), { stacked: true }),
      ],
      [
        graph('Calls of the API and answers, in 5 minutes', [
          labelled(ofApi('Count', sum), 'calls'),
          labelled(ofApi('4xx', sum), 'refused: 4xx, too many calls (429) among them'),
          labelled(ofApi('5xx', sum), 'failed: 5xx'),
        ]),
        graph('Time to an answer, in milliseconds', [
          labelled(ofApi('Latency', 'p50'), 'API, half of the calls'),
          labelled(ofApi('Latency', 'p95'), 'API, 95%'),
          labelled(ofFunction('customers')('Duration', 'p95'), 'about a customer, 95%, without the way'),
        ]),
        graph('Errors of functions and throttled tables, in 5 minutes', [
          ...perFunction('Errors', flow),
          throttled(watched, metrics, 'Read'),
          throttled(watched, metrics, 'Write'),
        ]),
      ],
      [
        graph('List price by service, in dollars an hour', costs, { stacked: true, width: 16 }),
        new SingleValueWidget({
          title: 'In all',
          metrics: summedUp(costs, metrics),
          width: 8,
          height: 6,
          setPeriodToTimeRange: false,
        }),
      ],
    ],
  })
}

const flow = [...behindStreams, 'collect', 'customers'] as const

const labelled = (metric: Metric, label: string): Metric => metric.with({ label })

const graph = (title: string, left: IMetric[], more: GraphWidgetProps = {}) =>
  new GraphWidget({ title, left, width: 8, height: 6, leftYAxis: { min: 0, showUnits: false }, ...more })

const readMe = ({ config: { prefix } }: Watched): string =>
  [
    `**${prefix}.** What comes in should be accepted; what is behind should stay below a minute, the lake below a quarter of an hour; what is rejected should be little and of reasons that you know. If an alarm is red, its text says what it means for customers and what to do first; RUNBOOK.md has the commands: *Replay · Re-drive · Restore · Rotate keys · Scale · Tear down · Alarms*.`,
    `**Where is an event?** In Logs Insights, over all log groups that begin with \`/${prefix}/\`: \`fields @timestamp, service, message | filter @message like "<correlation id>" | sort @timestamp\`; the saved query *trace an event* of Athena's workgroup \`${prefix}\` has the id.`,
    'Costs are what was consumed at list prices of us-east-1, without free tiers, discounts, storage and what is paid by the month; the bill by line is `npm run cost`.',
  ].join('\n\n')

const comingIn = ({ ofApi, ofCode, ofStream }: Metrics) => [
  labelled(ofStream('IncomingRecords', sum), 'records put into the stream'),
  labelled(ofCode('process')('accepted', sum), 'accepted'),
  labelled(ofCode('process')('duplicate', sum), 'sent again: duplicates'),
  total(
    [ofCode('process')('quarantined', sum), ofCode('collect')('quarantined', sum)],
    'rejected: in quarantine',
  ),
  labelled(ofApi('Count', sum), 'calls of the API'),
]

const behind = ({ ofCode, ofDelivery, ofFunction }: Metrics) => [
  seconds(ofCode('process')('lagMs', 'p95'), 'from arrival to stored, 95%'),
  ...(['process', 'journey', 'notify', 'publish'] as const).map((name) =>
    seconds(ofFunction(name)('IteratorAge', maximum), `${name}, the oldest`),
  ),
  labelled(ofDelivery('DeliveryToIceberg.DataFreshness', maximum), 'delivery to the lake, the oldest'),
]

function seconds(ms: Metric, label: string) {
  const id = idIn(label)
  return new MathExpression({ expression: `${id} / 1000`, usingMetrics: { [id]: ms }, label })
}

const rejections = ({ ofCode }: Metrics) =>
  rejectionReasons.map((reason) =>
    total(
      (['process', 'collect'] as const).map((name) => ofCode(name, reason)('quarantined', sum)),
      reason,
    ),
  )

const throttled = ({ data }: Watched, { ofTable }: Metrics, kind: 'Read' | 'Write') =>
  total(
    capacities(data).map(([table, index]) => ofTable(table, index)(`${kind}ThrottleEvents`, sum)),
    `tables: ${kind.toLowerCase()}s throttled`,
  )

function summedUp(costs: MathExpression[], { ofCode }: Metrics): MathExpression[] {
  const usingMetrics = Object.fromEntries(costs.map((cost, index) => [`c${index}`, cost]))
  const all = `SUM([${Object.keys(usingMetrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(', ')}])`
  const period = Duration.hours(1)
  const events = ofCode('process')('accepted', sum).with({ period })
  return [
    new MathExpression({
      expression: `24 * ${all}`,
      usingMetrics,
      label: 'dollars a day, at the pace of the last hour',
      period,
    }),
    new MathExpression({
      expression: `1000000 * ${all} / events`,
      usingMetrics: { ...usingMetrics, events },
      label: 'dollars a million events',
      period,
    }),
  ]
}
