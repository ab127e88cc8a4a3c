import { literalText } from '../../functions/analytics/statement.ts'
import { analysisTables } from '../../functions/analytics/tables.ts'
import type { Field } from '../../functions/lake/column.ts'

export type ResultRow = Readonly<Record<string, string | number | boolean | readonly string[] | null>>

/** Adds rows to a table of analyses; a column that a row does not name is null. */
export function insertText(name: string, rows: readonly ResultRow[]): string {
  const table = analysisTables.find((one) => one.name === name)
  if (!table) throw new Error(`there is no table ${name}`)
  for (const column of rows.flatMap((row) => Object.keys(row)))
    if (!table.fields.some((field) => field.name === column)) throw new Error(`${name} has no ${column}`)
  const values = rows.map((row) => `(${table.fields.map((field) => valueText(field, row)).join(', ')})`)
  return `insert into ${name} (${table.fields.map((field) => field.name).join(', ')}) values ${values.join(', ')}`
}

function valueText({ name, type }: Field, row: ResultRow): string {
  const value = row[name] ?? null
  if (value === null) return 'null'
  if (typeof value === 'object') return `array[${value.map((text) => literalText(text)).join(', ')}]`
  if (type === 'double') return Number(value).toExponential()
  if (type === 'money') return `cast('${value}' as decimal(18, 4))`
  if (type === 'date') return `date '${value}'`
  return type === 'timestamp' ? literalText(new Date(String(value))) : literalText(value)
}
