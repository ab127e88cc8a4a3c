import { CreateTableCommand, type DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb'
import { startDynoxide } from '../simulation/dynoxide.ts'
import { tables } from './functions-on-store.ts'
import { type Exchange, unitsOf } from './recording.ts'
import { printTable } from './report.ts'
import type { Usage } from './usage.ts'

/** Gives another store the same requests and compares what it says they cost. */
export async function printCrossCheck(exchanges: readonly Exchange[], { read, write }: Usage): Promise<void> {
  const dynoxide = await startDynoxide()
  try {
    await createTables(dynoxide.client)
    let units = 0
    for (const { send } of exchanges) units += unitsOf(await send(dynoxide.client))
    printTable(
      'store: cross-check, the same requests on another store, from the first batch on',
      ['', 'requests', 'units', 'of simulated'],
      [
        ['simulated', exchanges.length, read + write, '1.000'],
        ['Dynoxide', exchanges.length, units, (units / (read + write)).toFixed(3)],
      ],
    )
  } finally {
    await dynoxide.stop()
  }
}

/** Without streams: nobody reads them, and Dynoxide's writes would slow down with what is left in them. */
export async function createTables(client: DynamoDBClient): Promise<void> {
  for (const [TableName, shape] of Object.entries(tables)) {
    const indexes = 'indexes' in shape ? Object.entries(shape.indexes) : []
    const names = new Set([shape, ...indexes.map(([, index]) => index)].flatMap(namesOf))
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(shape),
        AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        ...(indexes.length > 0 && {
          GlobalSecondaryIndexes: indexes.map(([IndexName, index]) => ({
            IndexName,
            KeySchema: keySchema(index),
            Projection: { ProjectionType: 'ALL' },
          })),
        }),
      }),
    )
  }
}

type Keys = { partitionKey: string; sortKey: string }

const namesOf = ({ partitionKey, sortKey }: Keys) => [partitionKey, sortKey]
const keySchema = ({ partitionKey, sortKey }: Keys): KeySchemaElement[] => [
  { AttributeName: partitionKey, KeyType: 'HASH' },
  { AttributeName: sortKey, KeyType: 'RANGE' },
]
