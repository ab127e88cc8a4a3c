import { join } from 'node:path'
import { type ColumnInfo, paginateGetQueryResults } from '@aws-sdk/client-athena'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { z } from 'zod'
import type { Row } from '../../functions/lake/row.ts'
import { createLakeViews } from '../../infra/lake-views.ts'
import { database, lakeResources } from '../infra/local/lake/lake-resources.ts'
import { type Lake, startLake, startPlace } from '../infra/local/lake/local-lake.ts'
import { rules } from './views.ts'

/** The lake of one machine with its views as the stacks have them, and rows put into it through Firehose. */
export async function startAthenaLake(rows: readonly Row[]) {
  const place = await startPlace()
  const lake = await startLake(
    place,
    lakeResources({ views: viewResources(join(place.directory, 'cdk.out')) }),
  )
  for (let at = 0; at < rows.length; at += recordsAtOnce) {
    const { FailedPutCount } = await lake.put(rows.slice(at, at + recordsAtOnce))
    if (FailedPutCount) throw new Error(`${FailedPutCount} rows were not taken`)
  }
  return {
    query: (sql: string) => query(lake, sql),
    async close() {
      await lake.close()
      await place.close()
    },
  }
}

/** PutRecordBatch takes no more. */
const recordsAtOnce = 500

function viewResources(outdir: string) {
  const stack = new Stack(new App({ outdir }), 'Views')
  createLakeViews(stack, { database, rules })
  const resources = Template.fromStack(stack).findResources('AWS::Glue::Table')
  const schema = z.object({ Properties: z.record(z.string(), z.unknown()) })
  return Object.values(resources).map((resource) => schema.parse(resource).Properties)
}

async function query({ start, finished, athena }: Lake, sql: string) {
  const QueryExecutionId = await start(sql)
  const { Status } = await finished(QueryExecutionId)
  if (Status?.State !== 'SUCCEEDED') throw new Error(Status?.StateChangeReason)
  const rows: (string | null)[][] = []
  let columns: ColumnInfo[] = []
  for await (const { ResultSet } of paginateGetQueryResults({ client: athena }, { QueryExecutionId })) {
    columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? columns
    for (const { Data = [] } of ResultSet?.Rows ?? [])
      rows.push(Data.map(({ VarCharValue }) => VarCharValue ?? null))
  }
  // The first line has the names.
  return { columns: columns.map(typedName), rows: rows.slice(1) }
}

function typedName({ Name, Type, Precision, Scale }: ColumnInfo): string {
  return `${Name} ${Type === 'decimal' ? `decimal(${Precision},${Scale})` : Type}`
}
