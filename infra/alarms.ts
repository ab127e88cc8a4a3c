import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import type { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { createAlarm } from './alarm.ts'
import { flowWarnings } from './flow-warnings.ts'
import { lakeWarnings } from './lake-warnings.ts'
import { loadWarnings } from './load-warnings.ts'
import { createMetrics, type Watched } from './metrics.ts'

/** Each says what it means for customers and what to do first, and is told to one topic. */
export function createAlarms(scope: Construct, watched: Watched, topic: Topic): Alarm[] {
  const metrics = createMetrics(watched)
  const warnings = [
    ...flowWarnings(watched, metrics),
    ...loadWarnings(watched, metrics),
    ...lakeWarnings(watched, metrics),
  ]
  return warnings.map((warning) => createAlarm(scope, warning, { ...watched, topic }))
}
