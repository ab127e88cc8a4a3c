import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../../../../infra/local/lake/errors.ts'
import { type Lake, type Place, startLake, startPlace } from './local-lake.ts'

let place: Place
let lake: Lake

beforeAll(async () => {
  place = await startPlace()
  lake = await startLake(place)
})

afterAll(async () => {
  await lake.close()
  await place.close()
})

const unresolved = 'cannot be resolved or requester is not authorized to access requested resources'

// The words are those of Trino 476, with what Athena adds to them.
it.each([
  ['select nope from quarantine_log', `COLUMN_NOT_FOUND: line 1:8: Column 'nope' ${unresolved}`],
  ['select q.nope from quarantine_log q', `COLUMN_NOT_FOUND: line 1:8: Column 'q.nope' ${unresolved}`],
  [`select 'ä😀',\n  x.y from quarantine_log`, `COLUMN_NOT_FOUND: line 2:3: Column 'x.y' ${unresolved}`],
  ['delete from quarantine_log where nope = 1', `COLUMN_NOT_FOUND: line 1:34: Column 'nope' ${unresolved}`],
  ['select * from nope', "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.test_lake.nope' does not exist"],
  [
    'insert into nope select 1',
    "TABLE_NOT_FOUND: line 1:13: Table 'awsdatacatalog.test_lake.nope' does not exist",
  ],
  ['describe nope', "TABLE_NOT_FOUND: line 1:10: Table 'awsdatacatalog.test_lake.nope' does not exist"],
  ['select * from nowhere.nope', "SCHEMA_NOT_FOUND: line 1:15: Schema 'nowhere' does not exist"],
  ['select * from a.b.c', "CATALOG_NOT_FOUND: line 1:15: Catalog 'a' not found"],
  ['selec 1', "SYNTAX_ERROR: line 1:1: mismatched input 'selec'"],
  ['select 1 from', "SYNTAX_ERROR: line 1:14: mismatched input '<EOF>'"],
  ["select 'abc", "SYNTAX_ERROR: line 1:8: mismatched input '''"],
  ['select $1', "SYNTAX_ERROR: line 1:8: mismatched input '$'"],
  ['select 1; select 2', "SYNTAX_ERROR: line 1:9: mismatched input ';'"],
  ['', undefined],
  ['select nofun(1)', "FUNCTION_NOT_FOUND: line 1:8: Function 'nofun' not registered"],
  [
    'select lower(1, 2)',
    'FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (integer, integer) for function lower',
  ],
  ["select 1 + 'a'", 'TYPE_MISMATCH: line 1:10: Cannot apply operator: integer + varchar'],
  ["select cast('a' as integer)", "INVALID_CAST_ARGUMENT: Cannot cast 'a' to INT"],
  ['select cast(1 as banana)', 'TYPE_MISMATCH: line 1:18: Unknown type on this machine: banana'],
  [
    'select id, count(*) from quarantine_log',
    "EXPRESSION_NOT_AGGREGATE: line 1:8: 'id' must be an aggregate expression or appear in GROUP BY clause",
  ],
  ['select id from quarantine_log a, quarantine_log b', "AMBIGUOUS_NAME: line 1:8: Column 'id' is ambiguous"],
  [
    'select (select x from (values 1, 2) t(x))',
    'SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows',
  ],
  ['select ?', 'INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 1 but found 0'],
  [
    'merge into quarantine_log t using (select * from nope) s on true when matched then delete',
    "TABLE_NOT_FOUND: line 1:50: Table 'nope' does not exist",
  ],
  ['select date_add(1)', 'FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters for function date_add'],
  [
    "select date_add('eon', 1, date '2026-01-01')",
    "INVALID_FUNCTION_ARGUMENT: 'eon' is not a valid Timestamp field",
  ],
])('says of %j what Athena says', async (sql, reason) => {
  if (reason === undefined) await expect(lake.failure(sql)).rejects.toThrow('validation error')
  else expect(await lake.failure(sql)).toBe(reason)
})

it('says which change came too late', () => {
  const told = { exception_type: 'TransactionContext', exception_message: 'Conflict on update!' }
  const failure = failureOf(new Error(JSON.stringify(told)), {
    given: '',
    run: { sql: '', placeOf: () => 0 },
  })
  expect(failure.code).toBe('ICEBERG_COMMIT_ERROR')
})

it('tells whose error it was', async () => {
  const { Status } = await lake.finished(await lake.start('select 1 frm'))
  expect(Status?.State).toBe('SUCCEEDED')
  const failed = await lake.finished(await lake.start('select nope'))
  expect(failed.Status?.AthenaError).toMatchObject({ ErrorCategory: 2, Retryable: false })
  expect(failed.Status?.AthenaError?.ErrorMessage).toBe(failed.Status?.StateChangeReason)
})

describe('what DuckDB could do and Athena cannot', () => {
  it.each([
    "copy (select 1) to '/tmp/omnijourney-out.csv'",
    "attach '/tmp/omnijourney-other.db'",
    'set threads = 1',
    "set memory_limit = '1TB'",
    'pragma version',
    'install httpfs',
    'load httpfs',
    'call pragma_version()',
    "export database '/tmp/omnijourney-export'",
    'checkpoint',
    'use main',
    'create table x as select 1',
    'drop table quarantine_log',
    'truncate table quarantine_log',
    'update quarantine_log set id = 1',
    "select * from read_csv('/etc/passwd')",
    `select * from "read_text"('/etc/passwd')`,
    "select * from main.read_text('/etc/passwd')",
    `select (select max(x) from glob('/*') t(x))`,
    "select * from '/etc/passwd'",
    'select * from "/etc/passwd"',
    'select * from duckdb_settings()',
    'select * from duckdb_tables',
    'select * from pg_catalog.pg_tables',
    'select * from information_schema.tables',
    'select * from main.sqlite_master',
    "select current_setting('temp_directory')",
    "select getenv('HOME')",
    "select query('select 1')",
    "merge into quarantine_log t using read_csv('/etc/passwd') s on true when matched then delete",
    "merge into quarantine_log t using '/etc/passwd' s on true when matched then delete",
    "insert into quarantine_log (id) select content from read_text('/etc/passwd')",
    "insert into quarantine_log (id) from read_text('/etc/passwd')",
    "delete from quarantine_log using read_text('/etc/passwd') t where t.content = id",
    'delete from quarantine_log returning *',
    'explain analyze select 1',
    'select * exclude (id) from quarantine_log',
    'select id from quarantine_log qualify true',
    'select count(*) from quarantine_log group by all',
    "select e'\\x41'",
    'select $$a$$',
    "select '1'::integer",
    'from quarantine_log',
    "select event_time at time zone 'Europe/Berlin' from touchpoint_log",
    `select ${'('.repeat(600)}1${')'.repeat(600)}`,
  ])('is refused: %s', async (sql) => {
    expect(await lake.failure(sql)).toMatch(/^[A-Z_]+: /)
  })

  it('leaves no trace', async () => {
    expect(existsSync('/tmp/omnijourney-out.csv') || existsSync('/tmp/omnijourney-other.db')).toBe(false)
    expect(await lake.rows('select count(*) from quarantine_log')).toEqual([['0']])
    const files = readdirSync(join(place.directory, 'lake')).sort()
    expect(files.filter((name) => !name.startsWith('awsdatacatalog.duckdb') && name !== 'tmp')).toEqual([])
  })
})
