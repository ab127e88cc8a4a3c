import { CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib'
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
 * What people look at and are called by: dashboard, alarms, budget, saved queries. What it watches may go at any time, so
 * its references hold nobody back.
 */
export class Operations extends Stack {
  constructor(scope: Construct, id: string, { config, data, analysis, ...options }: OperationsOptions) {
    const { functions, ...props } = options
    super(scope, id, { ...props, description: 'omnijourney: dashboard, alarms, budget, saved queries' })
    this.addStackDependency(functions)
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK)
    createSavedQueries(this, { database: data.lake.database, workGroup: config.prefix })
    createLakeAlarms(this, { config, maintenance: analysis.maintenance, analysis: analysis.analysis })
  }
}
