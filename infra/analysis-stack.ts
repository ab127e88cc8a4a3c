import { Stack, type StackProps } from 'aws-cdk-lib'
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { acknowledgeGrants } from './acknowledged.ts'
import { createAnalysis } from './analysis.ts'
import { type Config, rulesOf } from './config.ts'
import { createLakeDelivery } from './lake-delivery.ts'
import { createLakeMaintenance } from './lake-maintenance.ts'
import { createLakeViews } from './lake-views.ts'
import type { Stateful } from './stateful.ts'

interface AnalysisOptions extends StackProps {
  config: Config
  data: Stateful
  bundles: string
}

/** What brings rows into the lake, keeps it tidy and asks it; can be deleted and deployed again, too. */
export class AnalysisStack extends Stack {
  readonly maintenance: StateMachine
  readonly analysis: StateMachine

  constructor(scope: Construct, id: string, { config, data, bundles, ...props }: AnalysisOptions) {
    super(scope, id, { ...props, description: 'omnijourney: delivery into the lake, its views, analyses' })
    // Said beforehand, grants on the key go to the roles here and not into the key's policy there.
    this.addStackDependency(data)
    const schedules = new ScheduleGroup(this, 'Schedules', { scheduleGroupName: config.prefix })
    createLakeViews(this, { database: data.lake.database, rules: rulesOf(config) })
    createLakeDelivery(this, { config, data })
    this.maintenance = createLakeMaintenance(this, { config, data, schedules })
    this.analysis = createAnalysis({ scope: this, config, data, bundles }, schedules)
    acknowledgeGrants(this, data)
  }
}
