import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { LakeTable } from '../../functions/lake/table.ts'
import { lakeTables } from '../../functions/lake/tables.ts'
import { lakeViews } from '../../functions/lake/views.ts'
import { startAthenaLake } from './athena-lake.ts'
import { athenaRows, athenaType } from './athena-text.ts'
import type { Trino } from './client.ts'
import { differences } from './differences.ts'
import { retailRows } from './retail-rows.ts'
import { createLake, insertRows } from './trino-lake.ts'
import { createViews, rules } from './views.ts'

let athena: Awaited<ReturnType<typeof startAthenaLake>>
let trino: Trino
const rows = retailRows(rules, new Date())

beforeAll(async () => {
  const [started, created] = await Promise.all([startAthenaLake(rows), loadedTrino()])
  athena = started
  trino = created
})

afterAll(() => athena?.close())

async function loadedTrino(): Promise<Trino> {
  const created = await createLake(inject('trino'), 'statements')
  await insertRows(created, rows)
  await createViews(created)
  return created
}

/** @returns how many rows both have */
async function expectSame(sql: string): Promise<number> {
  const [ours, theirs] = await Promise.all([athena.query(sql), trino.query(sql)])
  expect(ours.columns).toEqual(theirs.columns.map((column) => `${column.name} ${athenaType(column)}`))
  const types = theirs.columns.map(athenaType)
  expect(differences({ names: ours.columns, types, ours: ours.rows, theirs: athenaRows(theirs) })).toEqual([])
  return theirs.rows.length
}

type Relation = { name: string; isSortable: boolean[] }

/** Trino does not sort rows with nulls in them. */
const asRelation = ({ name, fields }: LakeTable): Relation => ({
  name,
  isSortable: fields.map(({ type }) => typeof type === 'string' || typeof type.element === 'string'),
})

async function expectSameInAll({ name, isSortable }: Relation): Promise<number> {
  const order = isSortable.flatMap((sortable, at) => (sortable ? [at + 1] : []))
  return expectSame(`select * from ${name} order by ${order.join(', ')}`)
}

describe('as in Trino', () => {
  it.each(lakeTables)('the rows of $name are', async (table) => {
    expect(await expectSameInAll(asRelation(table))).toBe(rows.filter((row) => table.toldBy in row).length)
  })

  it.each(lakeViews)('the view $name is', async ({ name, columns }) => {
    const isSortable = columns.map(({ type }) => !type.includes('row('))
    expect(await expectSameInAll({ name, isSortable })).toBeGreaterThan(0)
  })

  it.each(statements(/^(with|select)\b/))('the answer of %s is', async (_, sql) => {
    await expectSame(sql)
  })

  it.each(statements(/^(merge|delete|update|insert)\b/))('what %s leaves is', async (_, sql) => {
    await Promise.all([athena.query(sql), trino.query(sql)])
    for (const table of lakeTables) await expectSameInAll(asRelation(table))
  })
})

/** Of all texts beside the views, those that begin so. */
function statements(beginning: RegExp): [name: string, sql: string][] {
  const directory = join(import.meta.dirname, '..', '..', 'functions', 'lake')
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.sql') && !name.startsWith('views'))
    .map((name): [string, string] => [name, readFileSync(join(directory, name), 'utf8')])
    .filter(([, sql]) => beginning.test(sql.replace(/^\s*--.*$/gm, '').trimStart()))
}
