import { paginateScan } from '@aws-sdk/client-dynamodb'
import { type Item, type Table, text } from '../../functions/store/dynamodb.ts'
import type { Telling } from './check.ts'

/** All items of a table whose partition key begins so, and whose sort key is or begins so. */
export async function* itemsOf(
  table: Table,
  { pk, sk }: { pk: string; sk: string },
  { say }: Telling,
): AsyncGenerator<Item[]> {
  let read = 0
  const pages = paginateScan(
    { client: table.client },
    {
      TableName: table.name,
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :pk) and begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': text(pk), ':sk': text(sk) },
    },
  )
  for await (const { Items = [], ScannedCount = 0 } of pages) {
    read += ScannedCount
    say(`${table.name}: ${read} items read`)
    yield Items
  }
}
