import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { AnalysisStack } from './analysis-stack.ts'
import type { Config } from './config.ts'
import { createLakeAlarms } from './lake-alarms.ts'
import { createSavedQueries } from './lake-views.ts'
import type { Stateful } from './stateful.ts'
import type { Stateless } from './stateless.ts'

export interface OperationsOptions extends StackProps {
  config: Config
  data: Stateful
  analysis: AnalysisStack
  functions: Stateless
}

/**
 * What people look at and are called by: dashboard, alarms, budget, saved queries. Nothing depends on it: if another stack
 * must let go of something that is watched here, this one is deleted and deployed again.
 */
export class Operations extends Stack {
  constructor(scope: Construct, id: string, { config, data, analysis, ...options }: OperationsOptions) {
    const { functions, ...props } = options
    super(scope, id, { ...props, description: 'omnijourney: dashboard, alarms, budget, saved queries' })
    this.addStackDependency(functions)
    createSavedQueries(this, { database: data.lake.database, workGroup: config.prefix })
    createLakeAlarms(this, { config, maintenance: analysis.maintenance, analysis: analysis.analysis })
  }
}
