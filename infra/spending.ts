import { Duration } from 'aws-cdk-lib'
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { prices } from './cost/prices.ts'
import { capacities, idIn, type Metrics, sum, type Watched } from './metrics.ts'

/** A sum of metrics, each times the price of one of it, and of what is paid by the hour whatever happens. */
interface Line {
  label: string
  parts: { metric: Metric; price: number }[]
  anyway?: number
}

const million = 1_000_000
const gigabyte = 1_000_000_000
const period = Duration.hours(1)

/** What is consumed in an hour, times its list price, by service. Only of what grows with use or is bought by the hour. */
export function hourlyCosts(watched: Watched, metrics: Metrics): MathExpression[] {
  return [
    tables(watched, metrics),
    functions(watched),
    stream(watched, metrics),
    {
      label: 'Firehose',
      parts: [
        { metric: metrics.ofDelivery('IncomingBytes', sum), price: prices.firehose.gigabyte / gigabyte },
      ],
    },
    {
      label: 'API',
      parts: [{ metric: metrics.ofApi('Count', sum), price: prices.httpApi.millionRequests / million }],
    },
    {
      label: 'Athena',
      parts: [
        {
          metric: metrics.ofQueries('ProcessedBytes', sum),
          price: prices.athena.terabyte / (1000 * gigabyte),
        },
      ],
    },
    logs(watched),
  ].map(expressionOf)
}

function expressionOf({ label, parts, anyway }: Line): MathExpression {
  const id = (index: number) => idIn(label, index)
  const usingMetrics = Object.fromEntries(
    parts.map(({ metric }, index) => [id(index), metric.with({ period })]),
  )
  const terms = parts.map(({ price }, index) => `FILL(${id(index)}, 0) * ${decimal(price)}`)
  const used = terms.length > 1 ? `SUM([${terms.join(', ')}])` : terms.join('')
  const expression = anyway === undefined ? used : `${used} + ${decimal(anyway)}`
  return new MathExpression({ expression, usingMetrics, label, period })
}

/** Metric math does not know 1e-7. */
const decimal = (price: number): string => price.toFixed(16).replace(/0+$/, '').replace(/\.$/, '')

function tables({ config, data }: Watched, { ofTable }: Metrics): Line {
  const { onDemand, provisioned } = prices.dynamodb
  const parts = capacities(data).flatMap(([table, index]) => {
    const metric = ofTable(table, index)
    return config.tables.mode === 'on-demand' || table === data.insights
      ? [
          { metric: metric('ConsumedWriteCapacityUnits', sum), price: onDemand.millionWrites / million },
          { metric: metric('ConsumedReadCapacityUnits', sum), price: onDemand.millionReads / million },
        ]
      : [
          { metric: metric('ProvisionedWriteCapacityUnits', 'Average'), price: provisioned.writeUnitHour },
          { metric: metric('ProvisionedReadCapacityUnits', 'Average'), price: provisioned.readUnitHour },
        ]
  })
  return { label: 'DynamoDB', parts }
}

const functionsOf = ({ analysis, functions: stack }: Watched): CfnFunction[] =>
  [stack, analysis].flatMap(({ node }) => node.findAll()).filter((one) => one instanceof CfnFunction)

function functions(watched: Watched): Line {
  const { gbSecond, millionRequests } = prices.lambda
  const parts = functionsOf(watched).flatMap(({ functionName = '', memorySize = 128 }) => {
    const metric = (metricName: string) =>
      new Metric({
        namespace: 'AWS/Lambda',
        metricName,
        dimensionsMap: { FunctionName: functionName },
        statistic: sum,
      })
    return [
      { metric: metric('Duration'), price: ((memorySize / 1024) * gbSecond) / 1000 },
      { metric: metric('Invocations'), price: millionRequests / million },
    ]
  })
  return { label: 'Lambda', parts }
}

/** Records up to 25 KB; of larger ones each 25 KB is another put. */
function stream({ config }: Watched, { ofStream }: Metrics): Line {
  const { provisioned, onDemand } = prices.kinesis
  if (config.stream.mode === 'provisioned')
    return {
      label: 'Kinesis',
      parts: [{ metric: ofStream('IncomingRecords', sum), price: provisioned.millionPutUnits / million }],
      anyway: config.stream.shards * (provisioned.shardHour + provisioned.extendedShardHour),
    }
  return {
    label: 'Kinesis',
    parts: [
      { metric: ofStream('IncomingBytes', sum), price: onDemand.gigabyteIn / gigabyte },
      { metric: ofStream('GetRecords.Bytes', sum), price: onDemand.gigabyteOut / gigabyte },
    ],
    anyway: onDemand.streamHour,
  }
}

function logs(watched: Watched): Line {
  const { prefix } = watched.config
  const parts = functionsOf(watched).map(({ functionName = '' }) => ({
    metric: new Metric({
      namespace: 'AWS/Logs',
      metricName: 'IncomingBytes',
      dimensionsMap: { LogGroupName: functionName.replace(`${prefix}-`, `/${prefix}/`) },
      statistic: sum,
    }),
    price: prices.logs.gigabyteIn / gigabyte,
  }))
  return { label: 'Logs', parts }
}
