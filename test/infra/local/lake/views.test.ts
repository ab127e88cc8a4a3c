import { join } from 'node:path'
import { GetTableMetadataCommand } from '@aws-sdk/client-athena'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openLake } from '../../../../infra/local/lake/open.ts'
import { database, lakeResources } from './lake-resources.ts'
import { type Lake, type Place, startLake, startPlace } from './local-lake.ts'

let place: Place
let lake: Lake | undefined

beforeAll(async () => {
  place = await startPlace()
})

afterEach(async () => {
  await lake?.close()
  lake = undefined
})

afterAll(() => place.close())

/** A view as its template has it. */
function view(name: string, sql: string, columns: readonly (readonly [name: string, hive: string])[]) {
  const definition = { originalSql: sql, columns: columns.map(([column, type]) => ({ name: column, type })) }
  const encoded = Buffer.from(JSON.stringify(definition)).toString('base64')
  return {
    DatabaseName: database,
    TableInput: {
      Name: name,
      Description: `The view ${name}`,
      TableType: 'VIRTUAL_VIEW',
      StorageDescriptor: { Columns: columns.map(([Name, Type]) => ({ Name, Type, Comment: `Its ${Name}` })) },
      ViewOriginalText: `/* Presto View: ${encoded} */`,
    },
  }
}

const outer = view('outer_view', `select total, concat('a', word) as word from inner_view where total > 1`, [
  ['total', 'bigint'],
  ['word', 'string'],
])
const inner = view(
  'inner_view',
  'select count(*) as total, max(text) as word, sum(small) as sum from every_type',
  [
    ['total', 'int'],
    ['word', 'string'],
    ['sum', 'decimal(18,4)'],
  ],
)

async function start(...views: object[]): Promise<Lake> {
  lake = await startLake(place, lakeResources({ views }))
  return lake
}

const row = {
  ...{ large: 1, single: 1, real_number: 1, money: '1.0000', at: 1, day: 1 },
  texts: [],
  lines: [],
}
const rows = [
  { text: 'x', flag: true, small: 1, ...row },
  { text: 'y', flag: true, small: 2, ...row },
]

it('reads views, also of each other in any order, with the types that the catalog names', async () => {
  const started = await start(outer, inner)
  await started.put(rows)
  expect(await started.rows('select * from outer_view')).toEqual([['2', 'ay']])
  const { columns, rows: found } = await started.query('select * from inner_view')
  expect(columns.map(({ Type }) => Type)).toEqual(['integer', 'varchar', 'decimal'])
  expect(found).toEqual([['2', 'y', '3.0000']])
})

it('shows views among the tables, with what their columns mean', async () => {
  const started = await start(outer, inner)
  const tables = (await started.query('show tables')).all.flat()
  expect(tables).toEqual(expect.arrayContaining(['every_type', 'inner_view', 'outer_view']))
  expect((await started.query('describe inner_view')).all.flat().map((line) => line?.trimEnd())).toEqual([
    expect.stringMatching(/^total +\tint +\tIts total/),
    expect.stringMatching(/^word +\tstring +\tIts word/),
    expect.stringMatching(/^sum +\tdecimal\(18,4\) +\tIts sum/),
  ])
  const command = { CatalogName: 'AwsDataCatalog', DatabaseName: database, TableName: 'inner_view' }
  const { TableMetadata } = await started.athena.send(new GetTableMetadataCommand(command))
  expect(TableMetadata).toMatchObject({ TableType: 'VIRTUAL_VIEW' })
})

it('changes no view', async () => {
  const started = await start(inner)
  expect(await started.failure('delete from inner_view where total = 1')).toMatch(
    /^NOT_SUPPORTED: line 1:13: /,
  )
})

it('takes on a view that has changed, and drops one that is none any more', async () => {
  await (await start(outer, inner)).close()
  const other = view('inner_view', 'select count(*) + 1 as total from every_type', [['total', 'bigint']])
  const started = await start(other)
  expect(await started.rows('select * from inner_view')).toEqual([['3']])
  expect(await started.failure('select * from outer_view')).toContain('TABLE_NOT_FOUND')
})

it('says at the start which view is wrong', async () => {
  const wrong = view('wrong', 'select nope from every_type', [['nope', 'string']])
  const places = { directory: join(place.directory, 'wrong'), s3Endpoint: place.s3Endpoint }
  const opening = openLake(lakeResources({ views: [inner, wrong] }), places)
  await expect(opening).rejects.toMatchObject({
    message: 'The lake of this machine cannot create wrong',
    cause: { message: expect.stringContaining("COLUMN_NOT_FOUND: line 1:8: Column 'nope'") },
  })
})
