import type { Warning } from './alarm.ts'
import { type Metrics, maximum, sum, type Watched } from './metrics.ts'

/** Whether analysts can rely on the lake. */
export const lakeWarnings = ({ config }: Watched, metrics: Metrics): Warning[] => [
  {
    name: 'lake-rows-failed',
    means:
      'Rows are missing in the lake; nothing is lost: they lie under errors/ in its bucket, each with its reason.',
    first:
      'look with `npm run lake -- errors`, and after a fix send them again with `npm run lake -- resend`.',
    metric: metrics.ofDelivery('DeliveryToIceberg.FailedRowCount', sum),
    limit: { above: 0 },
  },
  {
    name: 'lake-late',
    means: 'What analysts see is older than it should be; nothing is lost.',
    first: "look into the log of the delivery stream, and whether its throughput is at the account's limit.",
    metric: metrics.ofDelivery('DeliveryToIceberg.DataFreshness', maximum),
    limit: { above: latestSeconds(config.lakeBufferSeconds) },
  },
  {
    name: 'maintenance-failed',
    means:
      'The lake grows and gets slower, and what was erased lies in its files longer; answers stay right.',
    first: 'the last execution of the state machine says which statement failed and why.',
    metric: metrics.ofMaintenance('ExecutionsFailed', sum),
    limit: { above: 0 },
  },
  {
    name: 'analysis-failed',
    means:
      'An analysis failed or was refused; what it found before stays in place and is still shown, the other analyses are new.',
    first:
      '`npm run athena -- "select * from analysis_run order by started_at desc"` says which one and why; after a fix `npm run analyse -- NAME --profile P` runs it again.',
    metric: metrics.ofAnalysis('ExecutionsFailed', sum),
    limit: { above: 0 },
  },
]

/** Three buffers: one that fills, one that is written, one that was tried again. */
const latestSeconds = (bufferSeconds: number): number => 3 * bufferSeconds + 300
