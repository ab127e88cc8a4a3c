import { z } from 'zod'

/** A column of a table, or a field of a row in one. */
export interface Column {
  name: string
  type: ColumnType
  isRequired: boolean
  comment: string
}

export type ColumnType =
  | { kind: ScalarKind }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'list'; element: ColumnType }
  | { kind: 'struct'; fields: Column[] }

type ScalarKind = keyof typeof scalarNames

/** Iceberg's names of types, in DuckDB's words and in Hive's, which Glue and Athena's `describe` use. */
const scalarNames = {
  string: { duck: 'varchar', hive: 'string' },
  boolean: { duck: 'boolean', hive: 'boolean' },
  int: { duck: 'integer', hive: 'int' },
  long: { duck: 'bigint', hive: 'bigint' },
  float: { duck: 'float', hive: 'float' },
  double: { duck: 'double', hive: 'double' },
  timestamp: { duck: 'timestamp', hive: 'timestamp' },
  date: { duck: 'date', hive: 'date' },
} as const

const isScalar = (name: string): name is ScalarKind => name in scalarNames

const listSchema = z.object({ type: z.literal('list'), element: z.unknown() })
const structSchema = z.object({
  type: z.literal('struct'),
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.unknown(),
      required: z.boolean().default(false),
      doc: z.string().default(''),
    }),
  ),
})
const nestedSchema = z.discriminatedUnion('type', [listSchema, structSchema])

/** @param iceberg a name, or, for nested types, their JSON, as text on the outside */
export function parseColumnType(iceberg: unknown): ColumnType {
  if (typeof iceberg === 'string' && iceberg.startsWith('{')) return parseColumnType(JSON.parse(iceberg))
  if (typeof iceberg === 'string') return scalarType(iceberg)
  const nested = nestedSchema.parse(iceberg)
  if (nested.type === 'list') return { kind: 'list', element: parseColumnType(nested.element) }
  const fields = nested.fields.map(({ name, type, required, doc }) => ({
    name,
    type: parseColumnType(type),
    isRequired: required,
    comment: doc,
  }))
  return { kind: 'struct', fields }
}

function scalarType(name: string): ColumnType {
  const [, precision, scale] = /^decimal\((\d+),\s*(\d+)\)$/.exec(name) ?? []
  if (precision && scale) return { kind: 'decimal', precision: Number(precision), scale: Number(scale) }
  if (isScalar(name)) return { kind: name }
  throw new Error(`The lake of this machine does not know Iceberg's type ${name}`)
}

export function duckType(type: ColumnType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision}, ${type.scale})`
    case 'list':
      return `${duckType(type.element)}[]`
    case 'struct':
      return `struct(${type.fields.map((field) => `${quoted(field.name)} ${duckType(field.type)}`).join(', ')})`
    default:
      return scalarNames[type.kind].duck
  }
}

export function hiveType(type: ColumnType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'list':
      return `array<${hiveType(type.element)}>`
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}:${hiveType(field.type)}`).join(',')}>`
    default:
      return scalarNames[type.kind].hive
  }
}

/** The types of a view's columns stand in Glue as Hive writes them. */
export function parseHiveType(hive: string): ColumnType {
  const [, element] = /^array<(.*)>$/.exec(hive) ?? []
  if (element !== undefined) return { kind: 'list', element: parseHiveType(element) }
  const [, fields] = /^struct<(.*)>$/.exec(hive) ?? []
  if (fields !== undefined) return { kind: 'struct', fields: fields.split(/,(?=\w+:)/).map(hiveField) }
  if (hive === 'bigint') return { kind: 'long' }
  return scalarType(hive)
}

function hiveField(field: string): Column {
  const at = field.indexOf(':')
  const type = parseHiveType(field.slice(at + 1))
  return { name: field.slice(0, at), type, isRequired: false, comment: '' }
}

/** An identifier as DuckDB and Trino write it, whatever is in it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
