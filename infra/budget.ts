import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import type { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { Config } from './config.ts'

/**
 * Tells when the month's bill is at 80% of what was planned, and when it is going to be more. It counts what has this
 * deployment's tag, which the payer has to activate once as a cost-allocation tag (RUNBOOK.md, The bill).
 */
export function createBudget(scope: Construct, { prefix, monthlyBudget }: Config, topic: Topic) {
  if (monthlyBudget === undefined) return
  const notice = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: {
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
      comparisonOperator: 'GREATER_THAN',
    },
    subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
  })
  const budget = new CfnBudget(scope, 'Budget', {
    budget: {
      budgetName: prefix,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyBudget, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:application$${prefix}`] },
    },
    notificationsWithSubscribers: [notice('ACTUAL', 80), notice('FORECASTED', 100)],
  })
  // Budgets looks at once whether it may publish.
  budget.node.addDependency(topic)
}
