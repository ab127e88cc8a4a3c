import { paginateQuery } from '@aws-sdk/client-dynamodb'
import { type Table, text, textOf } from './dynamodb.ts'
import { type Key, orderKey } from './keys.ts'

/** Keys of what a table has of an order in its index `byOrder`, as of up to a second ago, in no particular order. */
export async function keysByOrder(table: Table, orderId: string): Promise<Key[]> {
  const query = {
    TableName: table.name,
    IndexName: 'byOrder',
    KeyConditionExpression: 'o = :order',
    ExpressionAttributeValues: { ':order': text(orderKey(orderId)) },
  }
  const keys: Key[] = []
  for await (const { Items = [] } of paginateQuery({ client: table.client }, query)) {
    keys.push(...Items.map((item) => ({ pk: textOf(item, 'pk'), sk: textOf(item, 'sk') })))
  }
  return keys
}
