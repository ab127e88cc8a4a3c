import * as z from 'zod'
import { literalText } from '../analytics/statement.ts'
import { countThatFits } from '../http/page.ts'
import { type InsightPart, rulesPart } from '../store/insight-items.ts'
import { type Rule, ruleSchema } from '../store/insights.ts'
import { consecutive } from './consecutive.ts'
import type { ReadLake } from './lake.ts'
import { listText, textsIn } from './list-text.ts'

const mostRules = 100
/** An item of DynamoDB has at most 400 KB; names of items may be of any length. */
const mostBytes = 300_000

const rowSchema = z.object({ scope: z.string(), item: z.string() })

/** Rules between skus, in each scope by the first of the skus that they begin with, those of highest lift. */
export async function* rulesFound(runId: string, read: ReadLake): AsyncGenerator<InsightPart> {
  const rows = read(`select scope, item, antecedent_text, consequent_text, support, confidence, lift, q_value
    from (
      select
        scope,
        antecedent[1] as item,
        ${listText('antecedent')} as antecedent_text,
        ${listText('consequent')} as consequent_text,
        support,
        confidence,
        lift,
        q_value,
        row_number() over (
          partition by scope, antecedent[1]
          order by lift desc, confidence desc, support desc, antecedent, consequent
        ) as place
      from association_rule
      where run_id = ${literalText(runId)} and level = 'sku'
    ) as ranked
    where place <= ${mostRules}
    order by scope, item, place`)
  for await (const group of consecutive(rows, ({ scope, item }) => JSON.stringify([scope, item]))) {
    const { scope, item } = rowSchema.parse(group[0])
    const rules = group.map(ruleOf)
    const fitting = rules.slice(0, fittingCount(rules))
    if (fitting.length > 0) yield rulesPart(runId, scope, item, fitting)
  }
}

function fittingCount(rules: readonly Rule[]): number {
  const count = countThatFits(
    rules.map((item) => ({ item })),
    mostBytes,
  )
  return count === 1 && Buffer.byteLength(JSON.stringify(rules[0])) > mostBytes ? 0 : count
}

const ruleOf = (row: Readonly<Record<string, string | null>>): Rule =>
  ruleSchema.parse({
    antecedent: textsIn(row.antecedent_text ?? ''),
    consequent: textsIn(row.consequent_text ?? ''),
    support: Number(row.support),
    confidence: Number(row.confidence),
    lift: Number(row.lift),
    qValue: row.q_value == null ? null : Number(row.q_value),
  })
