import { type Rules, rulesKey } from '../journey/fold.ts'
import { createModel } from '../journey/model.ts'
import { modelSchemaFor } from '../journey/model-definition.ts'
import {
  batchExecute,
  batchGet,
  insertStatement,
  keyAttributes,
  type Table,
  text,
  textOf,
} from './dynamodb.ts'
import { rulesItem } from './keys.ts'
import { packedText, unpackedText } from './packed.ts'

/** The rules that journeys were ever folded by: a checkpoint names its own by their key. */
export type RulesStore = ReturnType<typeof createRulesStore>

export function createRulesStore(table: Table) {
  return {
    /** To be done before anything is folded by them, so that readers find the rules of whatever they meet. */
    keep: async (rules: Rules): Promise<void> => {
      const item = {
        ...keyAttributes(rulesItem(rulesKey(rules))),
        d: packedText(JSON.stringify(rules.model.definition)),
        c: text(rules.currency),
      }
      await batchExecute(table, [insertStatement(table, item)])
    },
    find: async (key: string): Promise<Rules | null> => {
      const [item] = await batchGet(table, [rulesItem(key)], true)
      if (!item) return null
      const json: unknown = JSON.parse(unpackedText(item.d))
      return { model: createModel(modelSchemaFor(json).parse(json)), currency: textOf(item, 'c') }
    },
  }
}
