import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'

/** Named by the function's environment. */
export const logger = new Logger()
const metrics = new Metrics()

/** One metric per outcome; a reason is its dimension. Publishes them. */
export function countOutcomes(outcomes: readonly { kind: string; reason?: string }[]): void {
  const counts = new Map<string, { kind: string; reason?: string; count: number }>()
  for (const { kind, reason } of outcomes) {
    const name = reason === undefined ? kind : `${kind} ${reason}`
    const known = counts.get(name)
    if (known) known.count++
    else counts.set(name, { kind, ...(reason !== undefined && { reason }), count: 1 })
  }
  for (const { kind, reason, count } of counts.values()) {
    if (reason === undefined) metrics.addMetric(kind, MetricUnit.Count, count)
    else metrics.singleMetric().addDimension('reason', reason).addMetric(kind, MetricUnit.Count, count)
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
}

/** What may be logged of an error: a bug's message may quote the data it stumbled over. */
export function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: 'unknown' }
  const isFromService = '$metadata' in error || 'code' in error
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return { name: error.name, ...(isFromService && { message: error.message }), frames: frames.slice(0, 6) }
}
