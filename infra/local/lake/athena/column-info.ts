import {
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api'
import { QueryFailure } from '../sql/query-failure.ts'

export interface ColumnInfo {
  CatalogName: string
  SchemaName: string
  TableName: string
  Name: string
  Label: string
  Type: string
  Precision: number
  Scale: number
  Nullable: 'UNKNOWN'
  CaseSensitive: boolean
}

const longest = 2_147_483_647

/** Athena's types with their precision. Sums of integers are `hugeint` in DuckDB. */
const types: Readonly<Partial<Record<DuckDBTypeId, readonly [type: string, precision: number]>>> = {
  [DuckDBTypeId.BOOLEAN]: ['boolean', 0],
  [DuckDBTypeId.TINYINT]: ['tinyint', 3],
  [DuckDBTypeId.SMALLINT]: ['smallint', 5],
  [DuckDBTypeId.INTEGER]: ['integer', 10],
  [DuckDBTypeId.BIGINT]: ['bigint', 19],
  [DuckDBTypeId.UTINYINT]: ['smallint', 5],
  [DuckDBTypeId.USMALLINT]: ['integer', 10],
  [DuckDBTypeId.UINTEGER]: ['bigint', 19],
  [DuckDBTypeId.UBIGINT]: ['bigint', 19],
  [DuckDBTypeId.HUGEINT]: ['bigint', 19],
  [DuckDBTypeId.FLOAT]: ['float', 17],
  [DuckDBTypeId.DOUBLE]: ['double', 17],
  [DuckDBTypeId.VARCHAR]: ['varchar', longest],
  [DuckDBTypeId.BLOB]: ['varbinary', longest],
  [DuckDBTypeId.DATE]: ['date', 0],
  [DuckDBTypeId.TIME]: ['time', 3],
  [DuckDBTypeId.TIMESTAMP]: ['timestamp', 3],
  [DuckDBTypeId.TIMESTAMP_S]: ['timestamp', 3],
  [DuckDBTypeId.TIMESTAMP_MS]: ['timestamp', 3],
  [DuckDBTypeId.TIMESTAMP_TZ]: ['timestamp with time zone', 3],
  [DuckDBTypeId.INTERVAL]: ['interval day to second', 0],
  [DuckDBTypeId.LIST]: ['array', 0],
  [DuckDBTypeId.STRUCT]: ['row', 0],
  [DuckDBTypeId.MAP]: ['map', 0],
  [DuckDBTypeId.UUID]: ['uuid', 0],
  [DuckDBTypeId.SQLNULL]: ['unknown', 0],
}

export function columnInfo(name: string, type: DuckDBType): ColumnInfo {
  refuseUnnamedFields(type)
  if (type instanceof DuckDBDecimalType) return info(name, 'decimal', type.width, type.scale)
  if (type.alias === 'JSON') return info(name, 'json', longest)
  const known = types[type.typeId]
  if (!known) throw new QueryFailure('NOT_SUPPORTED', `${type} is not known in Athena`)
  return info(name, ...known)
}

export const info = (name: string, type: string, precision = longest, scale = 0): ColumnInfo => ({
  CatalogName: 'hive',
  SchemaName: '',
  TableName: '',
  Name: name,
  Label: name,
  Type: type,
  Precision: precision,
  Scale: scale,
  Nullable: 'UNKNOWN',
  CaseSensitive: type === 'varchar',
})

/** Their values would come out of DuckDB as one. */
function refuseUnnamedFields(type: DuckDBType): void {
  if (type instanceof DuckDBListType) refuseUnnamedFields(type.valueType)
  if (!(type instanceof DuckDBStructType)) return
  if (type.entryNames.includes(''))
    throw new QueryFailure(
      'NOT_SUPPORTED',
      'On this machine a row needs names: cast(row(…) as row(a …, b …))',
    )
  type.entryTypes.forEach(refuseUnnamedFields)
}
