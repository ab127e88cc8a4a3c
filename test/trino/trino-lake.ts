import { analysisTables } from '../../functions/analytics/tables.ts'
import { type Field, type FieldType, trinoType } from '../../functions/lake/column.ts'
import type { Row } from '../../functions/lake/row.ts'
import type { LakeTable } from '../../functions/lake/table.ts'
import { lakeTables, type PublishedTable } from '../../functions/lake/tables.ts'
import { createTrino, type Trino } from './client.ts'

/** A schema with the raw tables of the lake in it, empty. */
export async function createLake(url: string, schema: string): Promise<Trino> {
  await createTrino(url).query(`create schema awsdatacatalog.${schema}`)
  const trino = createTrino(url, schema)
  for (const table of [...lakeTables, ...analysisTables]) await trino.query(tableText(table))
  return trino
}

/** Trino's own words: Athena's `tblproperties` are not known to it. */
function tableText({ name, fields, partitionedBy, sortedBy }: LakeTable): string {
  const columns = fields.map((field) => `${field.name} ${trinoType(field.type)}`)
  const partitioning = partitioningOf(partitionedBy)
  const sorting = sortedBy.map((column) => `'${column}'`)
  return `create table ${name} (${columns.join(', ')}) with (format = 'PARQUET',
    partitioning = array[${partitioning.join()}], sorted_by = array[${sorting.join()}])`
}

function partitioningOf(partitioned: LakeTable['partitionedBy']): string[] {
  if (partitioned === null) return []
  const { column, by } = partitioned
  return [by === 'day' ? `'day(${column})'` : `'${column}'`]
}

const rowsAtOnce = 5_000

/** Rows as Firehose takes them. They come as one literal of JSON with nothing but text in it, which Trino casts. */
export async function insertRows(trino: Trino, rows: readonly Row[]): Promise<void> {
  for (const table of lakeTables) {
    const own = rows.filter((row) => table.toldBy in row)
    for (let at = 0; at < own.length; at += rowsAtOnce)
      await trino.query(insertText(table, own.slice(at, at + rowsAtOnce)))
  }
}

function insertText({ name, fields }: PublishedTable, rows: readonly Row[]): string {
  const types = fields.map((field) => `${field.name} ${trinoType(field.type, 'varchar')}`)
  const columns = fields.map((field) => `cast(${field.name} as ${trinoType(field.type)})`)
  const json = JSON.stringify(rows.map((row) => fields.map((field) => textsOf(field, row))))
  return `insert into ${name} select ${columns.join(', ')}
    from unnest(cast(json_parse('${json.replaceAll("'", "''")}') as array(row(${types.join(', ')}))))`
}

type Texts = string | null | Texts[]

function textsOf({ name, type }: Field, row: object): Texts {
  const value: unknown = Reflect.get(row, name)
  if (value === null || value === undefined) return null
  if (typeof type === 'string') return textOf(value, type)
  if (!Array.isArray(value)) throw new TypeError(`${name} is no list`)
  const { element } = type
  if (typeof element === 'string') return value.map((one: unknown) => textOf(one, element))
  return value.map((one) => element.fields.map((part) => textsOf(part, one)))
}

function textOf(value: unknown, type: FieldType): string {
  if (type === 'date') return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10)
  if (type !== 'timestamp') return String(value)
  const time = new Date(Math.floor(Number(value) / 1000)).toISOString().replace('T', ' ').slice(0, -1)
  return `${time}${String(((Number(value) % 1000) + 1000) % 1000).padStart(3, '0')}`
}
