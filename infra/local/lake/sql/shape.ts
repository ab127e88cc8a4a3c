import type { DuckDBConnection } from '@duckdb/node-api'
import { z } from 'zod'
import type { EditedSql } from './edits.ts'
import { QueryFailure, syntaxError } from './query-failure.ts'

/** What a query looks like before it is bound to tables. */
export interface Shape {
  /** Its columns in order: under which name each is shown; null: Trino makes one up; `*`: several. */
  columns: (string | null | '*')[]
  /** Tables that it reads and does not define itself, each with where it stands. */
  tables: { parts: string[]; at: number }[]
}

const serialized = z.union([
  z.object({ error: z.literal(false), statements: z.array(z.object({ node: z.unknown() })) }),
  z.object({ error: z.literal(true), error_message: z.string(), position: z.string().optional() }),
])

const nodeSchema = z.record(z.string(), z.unknown())
const tableSchema = z.object({
  type: z.literal('BASE_TABLE'),
  table_name: z.string(),
  schema_name: z.string(),
  catalog_name: z.string(),
  query_location: z.number().default(0),
})
const itemSchema = z.object({
  class: z.string(),
  alias: z.string(),
  column_names: z.array(z.string()).optional(),
})
const cteSchema = z.object({ map: z.array(z.object({ key: z.string() })) })

/** @throws QueryFailure if DuckDB cannot parse it, or if it reads from what is no table */
export async function readShape(connection: DuckDBConnection, given: string, { sql, placeOf }: EditedSql) {
  const reader = await connection.runAndReadAll('select json_serialize_sql($1::varchar)', [sql])
  const answer = serialized.parse(JSON.parse(String(reader.getRows()[0]?.[0])))
  if (answer.error) {
    const at = placeOf(Number(answer.position ?? 0))
    const [, near] = /at or near "(.*)"/.exec(answer.error_message) ?? []
    throw syntaxError(given, at, near ?? '<EOF>')
  }
  const [statement] = answer.statements
  const shape: Shape = { columns: columnsOf(statement?.node), tables: [] }
  const own = new Set<string>()
  walk(statement?.node, (node) => {
    refuseForeign(node, given)
    const ctes = cteSchema.safeParse(node.cte_map)
    for (const { key } of ctes.data?.map ?? []) own.add(key.toLowerCase())
    const table = tableSchema.safeParse(node)
    if (!table.success) return
    const { catalog_name, schema_name, table_name, query_location } = table.data
    const parts = [catalog_name, schema_name, table_name].filter((part) => part !== '')
    shape.tables.push({ parts, at: placeOf(query_location) })
  })
  shape.tables = shape.tables.filter(
    ({ parts }) => parts.length > 1 || !own.has(String(parts[0]).toLowerCase()),
  )
  return shape
}

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit)
  const node = Array.isArray(value) ? undefined : nodeSchema.safeParse(value).data
  if (!node) return
  visit(node)
  for (const child of Object.values(node)) walk(child, visit)
}

const joins = new Set(['CROSS', 'REGULAR', 'NATURAL', 'DEPENDENT'])
const isFilled = (value: unknown) => Array.isArray(value) && value.length > 0

/** What only DuckDB's grammar has. */
function refuseForeign(node: Record<string, unknown>, sql: string) {
  const called = nodeSchema.safeParse(node.function).data?.function_name
  const foreign =
    (node.type === 'TABLE_FUNCTION' && called !== 'unnest' && `table function ${called}`) ||
    (node.class === 'STAR' &&
      (isFilled(node.exclude_list) || isFilled(node.replace_list)) &&
      'EXCLUDE, REPLACE') ||
    (node.class === 'STAR' && (node.columns === true || isFilled(node.rename_list)) && 'COLUMNS, RENAME') ||
    (node.type === 'SELECT_NODE' && node.qualify && 'QUALIFY') ||
    (node.type === 'SELECT_NODE' && node.aggregate_handling === 'FORCE_AGGREGATES' && 'GROUP BY ALL') ||
    (node.type === 'JOIN' && !joins.has(String(node.ref_type)) && `${node.ref_type} JOIN`)
  if (foreign) throw new QueryFailure('SYNTAX_ERROR', `Athena does not know ${foreign}`, { sql, at: 0 })
}

function columnsOf(node: unknown): Shape['columns'] {
  const { select_list: items, left, child } = nodeSchema.safeParse(node).data ?? {}
  if (!items) return left || child ? columnsOf(left ?? child) : ['*']
  return z
    .array(itemSchema)
    .parse(items)
    .map((item) => {
      if (item.class === 'STAR') return '*'
      return item.alias !== '' ? item.alias : (item.column_names?.at(-1) ?? null)
    })
}
