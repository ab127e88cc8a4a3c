import { type Rules, rulesKey } from '../journey/fold-state.ts'
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
    /** Null, too, if it is a model as they are no more. */
    find: async (key: string): Promise<Rules | null> => {
      const [item] = await batchGet(table, [rulesItem(key)], true)
      if (!item) return null
      const json: unknown = JSON.parse(unpackedText(item.d))
      const { data } = modelSchemaFor(json).safeParse(json)
      return data ? { model: createModel(data), currency: textOf(item, 'c') } : null
    },
  }
}
