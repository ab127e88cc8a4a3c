import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readCatalog, type Table } from '../../../../infra/local/lake/catalog.ts'
import { type Database, openDatabase } from '../../../../infra/local/lake/database.ts'
import { createRowCheck } from '../../../../infra/local/lake/firehose/check-row.ts'
import { createInsert } from '../../../../infra/local/lake/firehose/insert.ts'
import { readRecord, Undeliverable } from '../../../../infra/local/lake/firehose/record.ts'
import { lakeResources } from './lake-resources.ts'

const directory = mkdtempSync(join(tmpdir(), 'omnijourney-rows-'))
const catalog = readCatalog(lakeResources())
const table = catalog.databases[0]?.tables.find(({ name }) => name === 'every_type')
let database: Database

beforeAll(async () => {
  database = await openDatabase(directory, catalog)
})

afterAll(() => {
  database.close()
  rmSync(directory, { recursive: true, force: true })
})

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('\ud83d'))
const odd = [
  '',
  '-',
  '.5',
  '5.',
  '0x1',
  '1_000',
  ' 1',
  '1e5',
  '٣',
  'NaN',
  '9999-99-99',
  '0000-01-01',
  '2024-02-29',
]
const figure = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.integer().map((cents) => cents / 10_000),
  fc.double(),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  fc.constantFrom(...odd),
)
const anything = fc.oneof(
  { weight: 5, arbitrary: figure },
  text,
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
)
const line = fc.record({
  sku: text,
  price: fc.oneof(figure, fc.constant(null)),
  at: fc.oneof(figure, fc.constant(null)),
})
const nothing = Object.fromEntries(tableOf().columns.map(({ name }) => [name, null]))
/** One column with whatever, the others with nothing. */
const record = fc.oneof(
  fc
    .tuple(fc.constantFrom(...Object.keys(nothing)), anything)
    .map(([name, value]) => ({ ...nothing, [name]: value })),
  fc.array(line).map((lines) => ({ ...nothing, lines })),
  fc.array(text).map((texts) => ({ ...nothing, texts })),
)

it('lets nothing pass that DuckDB would not take', { timeout: 60_000 }, async () => {
  const { insert } = createInsert(await database.connect(null))
  const check = createRowCheck(tableOf().columns)
  let passed = 0
  await fc.assert(
    fc.asyncProperty(record, async (given) => {
      const read = readRecord(Buffer.from(JSON.stringify(given)))
      if (read instanceof Undeliverable) throw new Error(read.message)
      const values = check(read.value)
      if (values instanceof Undeliverable) return
      passed++
      await insert([{ table: tableOf(), values }])
    }),
    { numRuns: 1_000 },
  )
  expect(passed).toBeGreaterThan(200)
})

it.each([
  ['large', '9223372036854775807', '9223372036854775807'],
  ['money', '12345678901234.5678', '12345678901234.5678'],
  ['money', '-0.10000', '-0.1000'],
  ['money', '"007.5"', '7.5000'],
  ['at', '1795338900123456', '2026-11-22 09:15:00.123456'],
  ['day', '"2024-02-29"', '2024-02-29'],
  ['real_number', '0.1', '0.1'],
])('keeps every digit of %s %s', async (column, json, expected) => {
  const record = JSON.stringify({ ...nothing, text: 'digits' }).replace(
    `"${column}":null`,
    `"${column}":${json}`,
  )
  const read = readRecord(Buffer.from(record))
  const values = read instanceof Undeliverable ? read : createRowCheck(tableOf().columns)(read.value)
  if (values instanceof Undeliverable) throw new Error(values.message)
  const connection = await database.connect(null)
  await connection.run(`delete from test_lake.every_type where text = 'digits'`)
  await createInsert(connection).insert([{ table: tableOf(), values }])
  const found = await connection.runAndReadAll(
    `select cast(every_type.${column} as varchar) from test_lake.every_type where text = 'digits'`,
  )
  expect(found.getRows()).toEqual([[expected]])
})

function tableOf(): Table {
  if (!table) throw new Error('there is no table of every type')
  return table
}
