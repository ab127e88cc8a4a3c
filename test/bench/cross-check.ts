import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { startDynoxide } from '../simulation/dynoxide.ts'
import { tableCommand } from '../simulation/server.ts'
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
  for (const [name, shape] of Object.entries(tables)) await client.send(tableCommand(name, shape, false))
}
