import { ScanCommand } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import { batchGet, keyAttributes, number, numberOf, type Table, text, textOf, transact } from './dynamodb.ts'
import { type Key, personPartition, refoldProgressItem } from './keys.ts'

/** How far the table has been gone through for persons folded by other rules than these. */
export type RefoldProgress = {
  version: number
  /** Their key. */
  rules: string
  /** How often it is still to be gone through, the time under way included. */
  rounds: number
  /** The key of the last item seen; null: at the beginning. */
  cursor: Key | null
}

export type RefoldProgressStore = ReturnType<typeof createRefoldProgressStore>

const itemsAtOnce = 1_000
const cursorSchema = z.object({ pk: z.string(), sk: z.string() }).nullable()

export function createRefoldProgressStore(table: Table) {
  return {
    read: async (): Promise<RefoldProgress | null> => {
      const [item] = await batchGet(table, [refoldProgressItem], true)
      if (!item) return null
      return {
        version: numberOf(item, 'v'),
        rules: textOf(item, 'm'),
        rounds: numberOf(item, 'n'),
        cursor: cursorSchema.parse(JSON.parse(textOf(item, 'c'))),
      }
    },
    /** Whether it could be written: nobody else has since it was read. */
    write: async (progress: RefoldProgress): Promise<boolean> => {
      const { version, rules, rounds, cursor } = progress
      const fields = {
        v: number(version),
        m: text(rules),
        n: number(rounds),
        c: text(JSON.stringify(cursor)),
      }
      const Put = {
        TableName: table.name,
        Item: { ...keyAttributes(refoldProgressItem), ...fields },
        ConditionExpression: version === 1 ? 'attribute_not_exists(pk)' : 'v = :before',
        ...(version > 1 && { ExpressionAttributeValues: { ':before': number(version - 1) } }),
      }
      return (await transact(table, [{ Put }])) === 'done'
    },
    /**
     * Who, in the next part of the table, was folded by other rules. Left out are those of whom nothing is folded, and
     * those whose fold has met a bug: they are folded anew as soon as anything comes.
     */
    foldedOtherwise: async (rules: string, cursor: Key | null) => {
      const page = await table.client.send(
        new ScanCommand({
          TableName: table.name,
          Limit: itemsAtOnce,
          ProjectionExpression: 'pk',
          FilterExpression:
            'sk = :checkpoint and h > :parked and d <> :nothing and (attribute_not_exists(m) or m <> :rules)',
          ExpressionAttributeValues: {
            ':checkpoint': text('C'),
            ':parked': number(0),
            ':nothing': text(''),
            ':rules': text(rules),
          },
          ...(cursor && { ExclusiveStartKey: keyAttributes(cursor) }),
        }),
      )
      const last = page.LastEvaluatedKey
      return {
        personIds: (page.Items ?? []).map((item) => textOf(item, 'pk').slice(personPartition('').length)),
        cursor: last ? { pk: textOf(last, 'pk'), sk: textOf(last, 'sk') } : null,
      }
    },
  }
}
