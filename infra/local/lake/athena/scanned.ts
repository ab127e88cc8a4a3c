import type { DuckDBConnection } from '@duckdb/node-api'
import { z } from 'zod'
import { type Catalog, findTable, type Table } from '../catalog.ts'
import { type ColumnType, quoted } from '../column-type.ts'

const text = z.union([z.string(), z.array(z.string())]).default([])
const nodeSchema = z.object({
  name: z.string(),
  get children(): z.ZodArray<typeof nodeSchema> {
    return z.array(nodeSchema)
  },
  extra_info: z.looseObject({ Table: z.string().optional(), Projections: text, Filters: text }),
})
type Node = z.infer<typeof nodeSchema>

/** Of each column of a table, how many bytes its values have, and of how many rows that was seen. */
type Widths = { rows: number; bytes: ReadonlyMap<string, number> }

const sampledRows = 1_000
const rememberedPlans = 1_000

type Read = { table: Table; columns: string[] }

/**
 * How much a query reads: of the columns that its plan names, all rows, as many bytes as the first thousand of them
 * have on average. That is without compression, and without the partitions that Athena would pass over: on AWS it is
 * a fraction of it.
 */
export function createScanEstimate(catalog: Catalog) {
  const widths = new Map<Table, Widths>()

  async function widthsOf(connection: DuckDBConnection, table: Table): Promise<Widths> {
    const rows = await count(connection, table)
    const known = widths.get(table)
    if (known && (rows <= known.rows * 2 || known.rows >= sampledRows)) return { ...known, rows }
    const fresh = { rows, bytes: await sample(connection, table) }
    widths.set(table, fresh)
    return fresh
  }

  const reads = new Map<string, Read[]>()

  /** Planning takes long over nested views, and what a statement reads is the same whenever it is run. */
  async function planned(connection: DuckDBConnection, explained: string, database: string | null) {
    const statement = `${database} ${explained}`
    const known = reads.get(statement)
    if (known) return known
    const reader = await connection.runAndReadAll(explained)
    const found = readsOf(String(reader.getRows()[0]?.[1]), catalog)
    if (reads.size === rememberedPlans) reads.clear()
    reads.set(statement, found)
    return found
  }

  /** @param database where tables are looked for that are named without one */
  return async (connection: DuckDBConnection, explained: string, database: string | null) => {
    let scanned = 0
    for (const { table, columns } of await planned(connection, explained, database)) {
      const { rows, bytes } = await widthsOf(connection, table)
      scanned += columns.reduce((sum, name) => sum + rows * (bytes.get(name) ?? 0), 0)
    }
    return Math.round(scanned)
  }
}

function readsOf(plan: string, catalog: Catalog): Read[] {
  return scansIn(z.array(nodeSchema).parse(JSON.parse(plan))).flatMap(({ extra_info: scan }) => {
    const [name = '', database = ''] = (scan.Table ?? '').split('.').reverse()
    const table = findTable(catalog, database, name)
    if (!table) return []
    const read = new Set([scan.Projections].flat())
    const filters = [scan.Filters].flat().join(' ')
    const isRead = (column: string) => read.has(column) || new RegExp(`\\b${column}\\b`).test(filters)
    return [{ table, columns: table.columns.map((column) => column.name).filter(isRead) }]
  })
}

const scansIn = (nodes: Node[]): Node[] =>
  nodes.flatMap((node) => [...(node.extra_info.Table === undefined ? [] : [node]), ...scansIn(node.children)])

async function count(connection: DuckDBConnection, { database, name }: Table): Promise<number> {
  const reader = await connection.runAndReadAll(`select count(*) from ${quoted(database)}.${quoted(name)}`)
  return Number(reader.getRows()[0]?.[0])
}

async function sample(connection: DuckDBConnection, { database, name, columns }: Table) {
  const sizes = columns.map(({ name: column, type }) => `avg(${sizeOf(quoted(column), type)})`).join(', ')
  const from = `(from ${quoted(database)}.${quoted(name)} limit ${sampledRows})`
  const reader = await connection.runAndReadAll(`select ${sizes} from ${from}`)
  const found = reader.getRows()[0] ?? []
  return new Map(columns.map((column, at) => [column.name, Number(found[at] ?? 0)]))
}

function sizeOf(column: string, type: ColumnType): string {
  switch (type.kind) {
    case 'boolean':
      return `if(${column} is null, 0, 1)`
    case 'int':
    case 'float':
    case 'date':
      return `if(${column} is null, 0, 4)`
    case 'long':
    case 'double':
    case 'timestamp':
    case 'decimal':
      return `if(${column} is null, 0, 8)`
    default:
      return `coalesce(strlen(${column}::varchar), 0)`
  }
}
