import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import type { Warning } from './alarm.ts'
import { behindStreams, capacities, type Metrics, sum, total, type Watched } from './metrics.ts'

/** What comes and goes within a quarter of an hour is made up for by trying again. */
const lasting = { count: 3, minutes: 5 }

const fewestAnswers = 5
const mostPercent = 5

/** Whether there is more to do than the deployment can take, and whether its code fails at it. */
export function loadWarnings({ data }: Watched, metrics: Metrics): Warning[] {
  const { ofApi, ofFunction, ofStream, ofTable } = metrics
  const ofFunctions = (metricName: string) =>
    total(
      behindStreams.map((name) => ofFunction(name)(metricName, sum)),
      metricName,
    )
  const ofTables = (metricName: string) =>
    total(
      capacities(data).map(([table, index]) => ofTable(table, index)(metricName, sum)),
      metricName,
    )
  return [
    {
      name: 'stream-full',
      means:
        'The stream takes less than is sent: producers are refused and have to send again, and events of those that do not are lost.',
      first: 'add shards, or switch to on-demand (RUNBOOK.md, Scale).',
      metric: ofStream('WriteProvisionedThroughputExceeded', sum),
      limit: { above: 0 },
      periods: lasting,
    },
    {
      name: 'reads-throttled',
      means:
        'Tables are read more than their capacity allows: answers about customers are slow or fail, and events wait.',
      first:
        'look at `ReadThrottleEvents` of the tables which one it is, and raise `tables` (RUNBOOK.md, Scale).',
      metric: ofTables('ReadThrottleEvents'),
      limit: { above: 0 },
      periods: lasting,
    },
    {
      name: 'writes-throttled',
      means: 'Tables are written more than their capacity allows: events are stored late; nothing is lost.',
      first:
        'look at `WriteThrottleEvents` of the tables which one it is, and raise `tables` (RUNBOOK.md, Scale).',
      metric: ofTables('WriteThrottleEvents'),
      limit: { above: 0 },
      periods: lasting,
    },
    {
      name: 'functions-throttled',
      means:
        'Lambda does not start the functions behind the streams: events are stored and told late; nothing is lost.',
      first:
        "look at the account's concurrent executions: ask AWS for more, or reserve some (`reservedConcurrency`).",
      metric: ofFunctions('Throttles'),
      limit: { above: 0 },
      periods: lasting,
    },
    {
      name: 'functions-failing',
      means:
        'Code behind the streams has failed for a quarter of an hour: some customers are not up to date. It is tried again.',
      first:
        'look on the dashboard which function it is and read its log; if it began with a deployment, deploy the version before.',
      metric: ofFunctions('Errors'),
      limit: { above: 0 },
      periods: lasting,
    },
    {
      name: 'api-failing',
      means: `More than ${mostPercent}% of the calls of the API fail through our fault: call centre, shop and senders of events get no answer.`,
      first:
        'read the logs of the functions behind the API (`a request failed`); 503 means that a store was busy or a function was throttled.',
      metric: new MathExpression({
        expression: `IF(failed >= ${fewestAnswers}, 100 * failed / calls, 0)`,
        usingMetrics: { failed: ofApi('5xx', sum), calls: ofApi('Count', sum) },
        label: 'failed, in percent',
      }),
      limit: { above: mostPercent },
      periods: { count: 2, minutes: 5 },
    },
  ]
}
