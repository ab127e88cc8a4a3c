import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { type EventName, listed } from './correlation.ts'
import { loggable, logger } from './telemetry.ts'

const metrics = new Metrics()

/** What became of an event, as far as it is told to operators. */
type Told = { event: EventName | null } & (
  | { kind: 'accepted' | 'duplicate' }
  | { kind: 'quarantined'; reason: string }
  | { kind: 'failed'; error: unknown }
)

/**
 * Publishes a metric per outcome, what is quarantined also by its reason, and logs what went wrong, with whose it is.
 * @returns what is to be said of the batch in its own line
 */
export function reportOutcomes(outcomes: readonly Told[]): Record<string, string | number> {
  const counts = Object.fromEntries(
    [...Map.groupBy(outcomes, ({ kind }) => kind)].map(([kind, those]) => [kind, those.length]),
  )
  for (const [kind, count] of Object.entries(counts)) metrics.addMetric(kind, MetricUnit.Count, count)
  const quarantined = outcomes.filter((outcome) => outcome.kind === 'quarantined')
  for (const [reason, those] of Map.groupBy(quarantined, (outcome) => outcome.reason)) {
    metrics
      .singleMetric()
      .addDimension('reason', reason)
      .addMetric('quarantined', MetricUnit.Count, those.length)
    logger.warn('quarantined', { reason, correlationIds: idsOf(those) })
  }
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed')
  const [first] = failed
  if (first) logger.error('a store failed', { error: loggable(first.error), correlationIds: idsOf(failed) })
  return { correlationIds: idsOf(outcomes), ...counts }
}

const idsOf = (outcomes: readonly Told[]) => listed(outcomes.flatMap(({ event }) => event ?? []))

/** How long the oldest of a batch took until it was stored. */
export function reportLag(lagMs: number): void {
  metrics.addMetric('lagMs', MetricUnit.Milliseconds, lagMs)
}

export function publishMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
}
