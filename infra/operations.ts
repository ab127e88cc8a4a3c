import { CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { createAlarmTopic } from './alarm.ts'
import { createAlarms } from './alarms.ts'
import { createBudget } from './budget.ts'
import { createDashboard } from './dashboard.ts'
import { createEventSchemas } from './event-schemas.ts'
import { createSavedQueries } from './lake-views.ts'
import type { Watched } from './metrics.ts'

/**
 * What people look at and are called by: dashboard, alarms, budget, saved queries. What it watches may go at any time, so
 * its references hold nobody back.
 */
export class Operations extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { config, data, analysis, functions, ...props }: StackProps & Watched,
  ) {
    super(scope, id, { ...props, description: 'omnijourney: dashboard, alarms, budget, saved queries' })
    this.addStackDependency(functions)
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK)
    const watched = { config, data, analysis, functions }
    createEventSchemas(this, config.prefix)
    createSavedQueries(this, { database: data.lake.database, workGroup: config.prefix })
    const topic = createAlarmTopic(this, watched)
    createDashboard(this, watched, createAlarms(this, watched, topic))
    createBudget(this, config, topic)
  }
}
