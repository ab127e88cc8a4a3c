import type { AwsOperations } from '../aws-server.ts'
import { catalogOperations } from './athena/catalog-operations.ts'
import { createEngine } from './athena/engine.ts'
import { createExecutions } from './athena/executions.ts'
import { queryOperations } from './athena/query-operations.ts'
import { createResults } from './athena/results.ts'
import { workGroupOperations, workGroupsOf } from './athena/work-groups.ts'
import { readCatalog } from './catalog.ts'
import { openDatabase } from './database.ts'
import { createRowCheck } from './firehose/check-row.ts'
import { createDeliver, type Deliver } from './firehose/deliver.ts'
import { createFailedRecords } from './firehose/failed-records.ts'
import { createInsert } from './firehose/insert.ts'
import { putOperations } from './firehose/put-operations.ts'
import { createRoute } from './firehose/routing.ts'
import { createObjects } from './objects.ts'
import type { LakeResources } from './resources.ts'

interface Places {
  /** Where the lake itself lies. */
  directory: string
  /** Where results of queries go, and records that fit no table. */
  s3Endpoint: string
}

/** Firehose and Athena, as far as this machine needs them, over one lake in DuckDB. */
export async function openLake(resources: LakeResources, { directory, s3Endpoint }: Places) {
  const catalog = readCatalog(resources)
  const workGroups = workGroupsOf(resources)
  const objects = createObjects(s3Endpoint)
  const database = await openDatabase(directory, catalog)
  const writer = await database.connect(null)
  const rows = createInsert(writer)
  const tables = catalog.databases.flatMap((found) => found.tables)
  const checks = new Map(tables.map((table) => [table, createRowCheck(table.columns)]))
  const streams = new Map<string, Deliver>()
  for (const stream of resources.deliveryStreams) {
    const route = await createRoute(stream, catalog)
    const putFailed = createFailedRecords(stream, objects)
    streams.set(stream.name, createDeliver({ route, checks, rows, putFailed }))
  }
  const executions = createExecutions(createEngine({ database, catalog, objects }))
  const results = createResults(objects)
  const operations: AwsOperations = new Map([
    ...queryOperations({ catalog, workGroups, executions, results }),
    ...workGroupOperations(workGroups),
    ...catalogOperations(catalog),
    ...putOperations(streams),
  ])
  const close = () => {
    writer.closeSync()
    database.close()
  }
  return { operations, close }
}
