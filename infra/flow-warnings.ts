import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import type { Warning } from './alarm.ts'
import type { FunctionName } from './build.ts'
import { type Metrics, maximum, sum, total, type Watched } from './metrics.ts'

/** Whether events come to where they should. */
export function flowWarnings({ config }: Watched, metrics: Metrics): Warning[] {
  return [
    ...late(config.publishWindowSeconds, metrics),
    ...followers.map((follower) => givenUp(follower, metrics)),
    quarantined(metrics),
    ...scheduled(metrics),
  ]
}

const late = (publishWindowSeconds: number, { ofFunction }: Metrics): Warning[] => [
  {
    name: 'events-late',
    means:
      'Events are stored minutes after they came in: profiles, journeys and everything behind them are behind. Nothing is lost for 7 days.',
    first:
      'look on the dashboard whether more comes in than usual (then add shards: RUNBOOK.md, Scale) or whether process fails or is throttled, and read the error in its log.',
    metric: ofFunction('process')('IteratorAge', maximum),
    limit: { above: minutesMs(5) },
    periods: { count: 5, minutes: 1 },
  },
  {
    name: 'journeys-late',
    means:
      'Events are stored, but journeys and profiles do not show them yet. The streams of the tables keep them for 24 hours.',
    first:
      'read the errors in the log of journey; a batch that fails again and again holds up its shard. Without errors the tables are throttled: RUNBOOK.md, Scale.',
    metric: ofFunction('journey')('IteratorAge', maximum),
    limit: { above: minutesMs(5) },
    periods: { count: 5, minutes: 1 },
  },
  {
    name: 'notices-late',
    means:
      'What happens on journeys is told to other systems minutes late, such as a conversion or a pain point. It is kept for 24 hours.',
    first: 'read the errors in the log of notify: the bus refuses or limits what is put on it.',
    metric: ofFunction('notify')('IteratorAge', maximum),
    limit: { above: minutesMs(5) },
    periods: { count: 5, minutes: 1 },
  },
  {
    name: 'publish-late',
    means:
      'Analysts do not see the latest events; customers notice nothing. The streams of the tables keep what is missing for 24 hours.',
    first:
      'read the errors in the log of publish; often the delivery stream is at its limit of bytes a second, which AWS raises on request.',
    metric: ofFunction('publish')('IteratorAge', maximum),
    limit: { above: publishWindowSeconds * 1000 + minutesMs(15) },
    periods: { count: 3, minutes: 5 },
  },
]

const minutesMs = (minutes: number): number => minutes * 60_000

interface Follower {
  name: Extract<FunctionName, 'process' | 'journey' | 'publish' | 'notify'>
  means: string
}

/** Functions behind streams, and what it means if they give up. */
const followers: readonly Follower[] = [
  {
    name: 'process',
    means:
      'Events were given up after every try: they are missing in profiles and journeys until they are sent again.',
  },
  {
    name: 'journey',
    means:
      'Changes were given up after every try: journeys of these customers are out of date until their next event.',
  },
  {
    name: 'publish',
    means:
      'Rows were given up after every try: they are missing in the lake and in analyses; customers notice nothing.',
  },
  {
    name: 'notify',
    means: 'What happened on journeys was given up after every try: other systems were not told of it.',
  },
]

function givenUp({ name, means }: Follower, { ofSources }: Metrics): Warning {
  const counts = ofSources(name).flatMap((source) => [
    source('OnFailureDestinationDeliveredEventCount', sum),
    source('DroppedEventCount', sum),
  ])
  return {
    name: `${name}-gave-up`,
    means,
    first: `read the error in the log of ${name} and mend it; then send them again (RUNBOOK.md, Re-drive).`,
    metric: total(counts, 'given up'),
    limit: { above: 0 },
  }
}

/** So few rejected events call nobody, whatever their share is. */
const fewest = 20
const mostPercent = 5

function quarantined({ ofCode }: Metrics): Warning {
  return {
    name: 'quarantine-rate',
    means: `More than ${mostPercent}% of the events of a quarter of an hour were rejected: a channel sends what cannot be accepted, and its customers' journeys have gaps. Nothing is lost for 90 days.`,
    first:
      'look at GET /v1/quarantine for the reason and the source (the dashboard has the reasons); tell those who run it. What was rejected can be sent again (RUNBOOK.md, Re-drive).',
    metric: new MathExpression({
      expression: `IF(SUM([${rejected}]) >= ${fewest}, 100 * SUM([${rejected}]) / SUM([${rejected}, ${taken}]), 0)`,
      usingMetrics: {
        streamed: ofCode('process')('quarantined', sum),
        posted: ofCode('collect')('quarantined', sum),
        accepted: ofCode('process')('accepted', sum),
        duplicate: ofCode('process')('duplicate', sum),
      },
      label: 'rejected, in percent',
    }),
    limit: { above: mostPercent },
    periods: { count: 1, minutes: 15 },
  }
}

const rejected = 'FILL(streamed, 0), FILL(posted, 0)'
const taken = 'FILL(accepted, 0), FILL(duplicate, 0)'

const scheduled = ({ ofFunction, ofRules, ofSchedules }: Metrics): Warning[] => [
  {
    name: 'timers-stopped',
    means:
      'Nobody is told that a customer has gone quiet or given up a journey; reminders are not sent. It is made up for once timers run again.',
    first: `look whether the rule of timers is enabled in EventBridge, and read the log of timers.`,
    metric: ofFunction('timers')('Invocations', sum),
    limit: { below: 1 },
    periods: { count: 3, minutes: 5 },
  },
  {
    name: 'calls-lost',
    means:
      'A scheduled call of timers or refold did not come about: quiet customers are told of, or journeys follow a new model, a round later.',
    first:
      'nothing if it is over, the next call makes up for it; else look whether the functions are throttled and may be invoked by their rules.',
    metric: total(
      [
        ...ofRules.map((rule) => rule('FailedInvocations', sum)),
        ...(['timers', 'refold'] as const).map((name) => ofFunction(name)('AsyncEventsDropped', sum)),
      ],
      'lost calls',
    ),
    limit: { above: 0 },
    periods: { count: 3, minutes: 5 },
  },
  {
    name: 'night-skipped',
    means: 'The upkeep of the lake or the analyses were not started: insights stay those of the day before.',
    first:
      'look in Step Functions whether the executions of this night are there, and start those that are not by hand.',
    metric: ofSchedules('InvocationDroppedCount', sum),
    limit: { above: 0 },
  },
]
