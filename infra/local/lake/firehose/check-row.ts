import type { Column, ColumnType } from '../column-type.ts'
import { date, decimal, double, timestamp, whole } from './column-values.ts'
import { type JsonObject, Undeliverable } from './record.ts'

export type CheckRow = (record: JsonObject) => JsonObject | Undeliverable

/**
 * Reads the columns of a record as DuckDB wants them in JSON. As in Firehose all columns must be there, in nested
 * rows too, and of their type; what is there besides is left out.
 */
export function createRowCheck(columns: readonly Column[]): CheckRow {
  const read = rowReader(columns, '')
  return (record) => {
    try {
      return read(record)
    } catch (error) {
      if (error instanceof Undeliverable) return error
      throw error
    }
  }
}

function rowReader(columns: readonly Column[], within: string): (record: JsonObject) => JsonObject {
  const readers = columns.map((column) => {
    const path = `${within}${column.name}`
    return { ...column, path, read: valueReader(column.type, path) }
  })
  return (record) => {
    const row: Record<string, unknown> = {}
    for (const { name, path, type, isRequired, read } of readers) {
      const value = record[name]
      if (value === undefined)
        throw new Undeliverable('Iceberg.MissingColumnWithinRecord', `The record has no column ${path}`)
      if (value === null && isRequired) throw mismatch(path, type, value)
      row[name] = read(value)
    }
    return row
  }
}

type Read = (value: unknown) => unknown

function valueReader(type: ColumnType, path: string): Read {
  const read = typedReader(type, path)
  return (value) => {
    if (value === null) return null
    const found = read(value)
    if (found === undefined) throw mismatch(path, type, value)
    return found
  }
}

/** Gives undefined for a value of another type. */
function typedReader(type: ColumnType, path: string): Read {
  switch (type.kind) {
    case 'string':
      // Half of a pair of surrogates is no character, in JSON neither.
      return (value) => (typeof value === 'string' ? value.toWellFormed() : undefined)
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : undefined)
    case 'int':
      return (value) => whole(value, 31n)
    case 'long':
      return (value) => whole(value, 63n)
    case 'float':
    case 'double':
      return double
    case 'decimal':
      return (value) => decimal(value, type)
    case 'timestamp':
      return timestamp
    case 'date':
      return date
    case 'list': {
      const read = valueReader(type.element, `${path}[]`)
      return (value) => (Array.isArray(value) ? value.map(read) : undefined)
    }
    case 'struct': {
      const read = rowReader(type.fields, `${path}.`)
      return (value) => (isObject(value) ? read(value) : undefined)
    }
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function mismatch(path: string, type: ColumnType, value: unknown): Undeliverable {
  const wanted = type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : wantedOf[type.kind]
  const text = `${path} wants ${wanted}, not ${JSON.stringify(value).slice(0, 100)}`
  return new Undeliverable('Iceberg.SchemaTypeMismatch', text)
}

const wantedOf: Readonly<Record<Exclude<ColumnType['kind'], 'decimal'>, string>> = {
  string: 'a string',
  boolean: 'true or false',
  int: 'a whole number of 32 bits',
  long: 'a whole number of 64 bits',
  float: 'a number',
  double: 'a number',
  timestamp: 'whole microseconds since 1970',
  date: 'days since 1970 or a date',
  list: 'an array',
  struct: 'an object',
}
