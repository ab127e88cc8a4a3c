import {
  GetDataCatalogCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  ListQueryExecutionsCommand,
  ListTableMetadataCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analysisTables } from '../../../../functions/analytics/tables.ts'
import { lakeTables } from '../../../../functions/lake/tables.ts'
import { database, workGroup } from './lake-resources.ts'
import { type Lake, type Place, startLake, startPlace } from './local-lake.ts'

let place: Place
let lake: Lake

beforeAll(async () => {
  place = await startPlace()
  lake = await startLake(place)
  await lake.query(
    `insert into quarantine_log (id, reason) values ('a', 'too_large'), ('b', 'invalid_json'), ('c', null)`,
  )
})

afterAll(async () => {
  await lake.close()
  await place.close()
})

const endless =
  'select count(*) from unnest(sequence(1, 100000)) a(x) cross join unnest(sequence(1, 1000000)) b(y) where x * y % 7 = 3'

describe('names', () => {
  it.each([
    'quarantine_log',
    'QUARANTINE_LOG',
    `${database}.quarantine_log`,
    `awsdatacatalog.${database}.quarantine_log`,
    `"AwsDataCatalog"."${database}"."quarantine_log"`,
  ])('finds %s', async (name) => {
    expect(await lake.rows(`select count(*) from ${name}`)).toEqual([['3']])
  })

  it('calls columns as they are written, and those without a name by their place', async () => {
    const { names } = await lake.query(
      `select ID, reason as Why, 1 + 1, 1 as "a b", q.reason, count(*) over (), q.* from quarantine_log q`,
    )
    expect(names?.slice(0, 8)).toEqual(['ID', 'Why', '_col2', 'a b', 'reason', '_col5', 'id', 'reason'])
    expect((await lake.query('values (1, 2), (3, 4)')).names).toEqual(['_col0', '_col1'])
  })
})

describe('parameters', () => {
  it('stand for values', async () => {
    const given = { ExecutionParameters: ["'it''s ?'", '-1.5', "timestamp '2026-11-22 00:00:00'", 'null'] }
    expect(await lake.rows(`select ?, ? + 1, ?, ?, '?'`, given)).toEqual([
      ["it's ?", '-0.5', '2026-11-22 00:00:00.000000', null, '?'],
    ])
  })

  it.each([
    [['1', '2'], 'line 1:1: Incorrect number of parameters: expected 1 but found 2'],
    [["'a' or true"], "Parameter 1 is no literal: 'a' or true"],
    [['id'], 'Parameter 1 is no literal: id'],
    [['1; delete from quarantine_log'], 'Parameter 1 is no literal: 1; delete from quarantine_log'],
    [["('a')"], "Parameter 1 is no literal: ('a')"],
  ])('and for nothing else: %s', async (ExecutionParameters, reason) => {
    const failure = await lake.failure('select * from quarantine_log where id = ?', { ExecutionParameters })
    expect(failure).toBe(`INVALID_PARAMETER_USAGE: ${reason}`)
  })

  it('do not hide what follows with a comment', async () => {
    const given = { ExecutionParameters: [`'a' --`] }
    expect(await lake.rows('select id from quarantine_log where id = ? and 1 = 2', given)).toEqual([])
  })
})

describe('results', () => {
  it('come in pages, the line of names first', async () => {
    const id = await lake.start(`select x, repeat('ä', 5) from unnest(sequence(1, 25)) as t(x) order by x`)
    await lake.finished(id)
    const seen: (string | undefined)[] = []
    let NextToken: string | undefined
    do {
      const request = { QueryExecutionId: id, MaxResults: 10, ...(NextToken && { NextToken }) }
      const page = await lake.athena.send(new GetQueryResultsCommand(request))
      seen.push(...(page.ResultSet?.Rows ?? []).map(({ Data }) => Data?.[0]?.VarCharValue))
      NextToken = page.NextToken
    } while (NextToken)
    expect(seen).toEqual(['x', ...Array.from({ length: 25 }, (_, at) => String(at + 1))])
  })

  it('of many megabytes come whole', { timeout: 60_000 }, async () => {
    const id = await lake.start(
      `select x, lpad('', 1000, 'é"') from unnest(sequence(1, 15000)) as t(x) order by x`,
    )
    await lake.finished(id)
    let [count, last] = [0, '']
    let NextToken: string | undefined
    do {
      const request = { QueryExecutionId: id, ...(NextToken && { NextToken }) }
      const page = await lake.athena.send(new GetQueryResultsCommand(request))
      count += page.ResultSet?.Rows?.length ?? 0
      last = page.ResultSet?.Rows?.at(-1)?.Data?.[1]?.VarCharValue ?? ''
      NextToken = page.NextToken
    } while (NextToken)
    expect([count, last]).toEqual([15_001, 'é"'.repeat(500)])
  })

  it('of changes are a count', async () => {
    const inserted = await lake.query(`insert into identity_map (node_id, version) values ('n', 1), ('m', 2)`)
    expect([inserted.updateCount, inserted.all]).toEqual([2, []])
    const merge = `merge into identity_map t using (values ('n', 5), ('o', 1)) s(node_id, version) on t.node_id = s.node_id
      when matched then update set version = s.version when not matched then insert (node_id, version) values (s.node_id, s.version)`
    expect((await lake.query(merge)).updateCount).toBe(2)
    expect((await lake.query(`delete from identity_map where version < 5`)).updateCount).toBe(2)
    expect(await lake.rows('select node_id, version from identity_map')).toEqual([['n', '5']])
  })

  it('of what is unfinished or failed are refused', async () => {
    const id = await lake.start(endless)
    const results = (of: string) => lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId: of }))
    await expect(results(id)).rejects.toThrow(/^Query has not yet finished. Current state: (QUEUED|RUNNING)$/)
    await lake.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }))
    await expect(results(id)).rejects.toThrow('Final query state: CANCELLED')
    await expect(results('unknown')).rejects.toThrow('QueryExecution unknown was not found')
  })
})

describe('executions', () => {
  it('are stopped at once, running or waiting', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => lake.start(endless)))
    for (const id of ids) await lake.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }))
    for (const id of ids) {
      const { Status } = await lake.finished(id)
      expect(Status).toMatchObject({ State: 'CANCELLED', StateChangeReason: 'Query cancelled by user' })
    }
    expect(await lake.rows('select 1')).toEqual([['1']])
  })

  it('are the same for the same token', async () => {
    const request = { QueryString: 'select 1', WorkGroup: workGroup, ClientRequestToken: 'x'.repeat(32) }
    const start = (QueryString: string) =>
      lake.athena.send(new StartQueryExecutionCommand({ ...request, QueryString }))
    expect(await start('select 1')).toMatchObject({
      QueryExecutionId: (await start('select 1')).QueryExecutionId,
    })
    await expect(start('select 2')).rejects.toThrow('Idempotent parameters do not match')
  })

  it('are listed, the latest first, and tell what they took', async () => {
    const { execution } = await lake.query('select id from quarantine_log')
    const { QueryExecutionIds } = await lake.athena.send(
      new ListQueryExecutionsCommand({ WorkGroup: workGroup }),
    )
    expect(QueryExecutionIds?.[0]).toBe(execution.QueryExecutionId)
    expect(execution).toMatchObject({
      StatementType: 'DML',
      SubstatementType: 'SELECT',
      WorkGroup: workGroup,
    })
    expect(execution.Statistics).toMatchObject({ DataScannedInBytes: 3 })
    expect(execution.Statistics?.EngineExecutionTimeInMillis).toBeGreaterThanOrEqual(0)
  })

  it('need a place for their result', async () => {
    const elsewhere = {
      WorkGroup: 'primary',
      ResultConfiguration: { OutputLocation: 's3://test-lake/mine/' },
    }
    const { execution } = await lake.query('select 1', elsewhere)
    const place = execution.ResultConfiguration?.OutputLocation
    expect(place).toBe(`s3://test-lake/mine/${execution.QueryExecutionId}.csv`)
    await expect(lake.start('select 1', { WorkGroup: 'primary' })).rejects.toThrow(
      'No output location provided',
    )
    await expect(lake.start('select 1', { WorkGroup: 'other' })).rejects.toThrow(
      'WorkGroup other is not found.',
    )
  })
})

describe('the catalog', () => {
  it('is described by statements', async () => {
    expect((await lake.query('show databases')).all).toEqual([[database]])
    expect((await lake.query(`show tables in ${database} '*e_log|touch*'`)).all).toEqual([
      ['quarantine_log'],
      ['touchpoint_log'],
    ])
    const description = (await lake.query('describe every_type')).all.map(([line]) =>
      line?.split('\t').map((part) => part.trim()),
    )
    expect(description.slice(0, 2)).toEqual([
      ['text', 'string', 'Words'],
      ['flag', 'boolean', ''],
    ])
    expect(description.at(-1)).toEqual([
      'lines',
      'array<struct<sku:string,price:decimal(18,4),at:timestamp>>',
      '',
    ])
    expect((await lake.query('explain select id from quarantine_log')).all.join()).toContain('quarantine_log')
  })

  it('is described to tools', async () => {
    const inDatabase = { CatalogName: 'AwsDataCatalog', DatabaseName: database }
    const { TableMetadata } = await lake.athena.send(
      new GetTableMetadataCommand({ ...inDatabase, TableName: 'touchpoint_log' }),
    )
    expect(TableMetadata?.Columns?.[2]).toEqual({
      Name: 'event_time',
      Type: 'timestamp',
      Comment: 'When it happened, UTC',
    })
    const { TableMetadataList } = await lake.athena.send(new ListTableMetadataCommand(inDatabase))
    expect(TableMetadataList).toHaveLength(lakeTables.length + analysisTables.length + 1)
    expect(await lake.athena.send(new GetDataCatalogCommand({ Name: 'AwsDataCatalog' }))).toMatchObject({
      DataCatalog: { Name: 'AwsDataCatalog', Type: 'GLUE' },
    })
    const { WorkGroup } = await lake.athena.send(new GetWorkGroupCommand({ WorkGroup: workGroup }))
    expect(WorkGroup?.Configuration?.ResultConfiguration?.OutputLocation).toBe('s3://test-lake/results/')
  })
})
