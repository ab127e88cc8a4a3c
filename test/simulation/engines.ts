import { DeleteTableCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { createSimulatedDynamoDB } from './dynamodb.ts'
import { hasDynamoDBLocal, startDynamoDBLocal } from './dynamodb-local.ts'
import { hasDynoxide, startDynoxide } from './dynoxide.ts'
import { type Server, tableCommand } from './server.ts'
import { shapes } from './shapes.ts'
import type { Item } from './value.ts'

type TableName = keyof typeof shapes
const tableNames = ['identity', 'touchpoints', 'journeys'] as const satisfies TableName[]

/** A store with the tables of the project. */
export type Engine = {
  client(worker: string): DynamoDBClient
  /** What a table is called at present. */
  nameOf(table: TableName): string
  items(table: TableName): Promise<Item[]>
  /** Goes on with empty tables. */
  clear(): Promise<void>
  stop(): Promise<void>
}

async function simulate(): Promise<Engine> {
  let store = createSimulatedDynamoDB({ tables: shapes })
  return {
    client: (worker) => store.client(worker),
    nameOf: (table) => table,
    items: async (table) => store.items(table),
    clear: async () => {
      store = createSimulatedDynamoDB({ tables: shapes })
    },
    stop: async () => undefined,
  }
}

/** Empty tables are new ones: whoever is left from before still writes to the old ones. */
async function serve(start: () => Promise<Server>): Promise<Engine> {
  const { client, stop } = await start()
  let round = 0
  const nameOf = (table: TableName) => `${table}-${round}`
  const createTables = () =>
    Promise.all(tableNames.map((table) => client.send(tableCommand(nameOf(table), shapes[table], false))))
  await createTables()
  return {
    client: () => client,
    nameOf,
    items: async (table) => {
      const items: Item[] = []
      const scan = { TableName: nameOf(table), ConsistentRead: true }
      for await (const { Items = [] } of paginateScan({ client }, scan)) items.push(...Items)
      return items
    },
    clear: async () => {
      const old = tableNames.map(nameOf)
      round++
      await createTables()
      await Promise.all(old.map((TableName) => client.send(new DeleteTableCommand({ TableName }))))
    },
    stop,
  }
}

const simulated = { name: 'the simulated store', isThere: true, start: simulate }
const servers = [
  {
    name: hasDynoxide ? 'Dynoxide' : 'Dynoxide (skipped: its binary is not installed)',
    isThere: hasDynoxide,
    start: () => serve(startDynoxide),
  },
  {
    name: hasDynamoDBLocal ? 'DynamoDB Local' : 'DynamoDB Local (skipped: it needs Java 17 or later)',
    isThere: hasDynamoDBLocal,
    start: () => serve(startDynamoDBLocal),
  },
]

type Tests = (engine: () => Engine) => void

/** The same tests on every store, each with empty tables. */
export const onEveryStore = (tests: Tests): void => on([simulated, ...servers], tests)
export const onSimulatedStore = (tests: Tests): void => on([simulated], tests)
export const onEveryServer = (tests: Tests): void => on(servers, tests)

function on(stores: typeof servers, tests: Tests): void {
  for (const { name, isThere, start } of stores) {
    describe.skipIf(!isThere)(`on ${name}`, () => {
      let engine: Engine
      beforeAll(async () => {
        engine = await start()
      })
      afterAll(() => engine?.stop())
      beforeEach(() => engine.clear())
      tests(() => engine)
    })
  }
}
