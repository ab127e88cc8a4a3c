import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Plan, PlannedRefusal } from '../identity/plan.ts'
import { keyAttributes, text } from './dynamodb.ts'
import type { Cause, StoredIdentifier } from './identity.ts'
import { householdItem, identifierItem, refusalItem } from './keys.ts'
import { mustBeNew } from './person-items.ts'

/** What is kept of the plan's refusals, each once: for each what has to be written in one step. */
export function refusalItems(
  TableName: string,
  plan: Plan,
  identifiers: readonly StoredIdentifier[],
  cause: Cause,
  now: Date,
): TransactWriteItem[][] {
  const masks = new Map(identifiers.map(({ key, masked }) => [key, masked]))
  return plan.refusals.map((refusal): TransactWriteItem[] => {
    const { identifier, firstKey, reason, otherNodeId } = refusal
    const shown = { at: text(now.toISOString()), m: text(masks.get(identifier.key) ?? '***') }
    const row = {
      ...keyAttributes(refusalItem(plan.home, reason, firstKey)),
      ...shown,
      n: text(plan.home),
      cause: text(JSON.stringify(cause)),
    }
    if (otherNodeId === null) {
      const keys = [identifier.key, ...(identifier.formerKeys ?? [])]
      return [
        { Put: { TableName, Item: row, ...mustBeNew } },
        ...keys.map((key) => ({
          ConditionCheck: { TableName, Key: keyAttributes(identifierItem(key)), ...mustBeNew },
        })),
      ]
    }
    if (!connectsHousehold(refusal)) return [{ Put: { TableName, Item: row, ...mustBeNew } }]
    const evidence = { ...row, e: { BOOL: true } }
    const member = {
      ...keyAttributes(householdItem(firstKey, plan.home)),
      ...shown,
      n: text(otherNodeId),
      q: text(reason),
    }
    return [{ Put: { TableName, Item: evidence, ...mustBeNew } }, { Put: { TableName, Item: member } }]
  })
}

/** Rule 9: a refused card or device connects the persons of a household. */
function connectsHousehold({ identifier, reason }: PlannedRefusal): boolean {
  const isEvidence = reason === 'both_known' || reason === 'type_in_common'
  return isEvidence && (identifier.class === 'card' || identifier.class === 'device')
}
