/** What DuckDB said, and where. */
interface Told {
  /** What of its message the pattern caught. */
  found: readonly (string | undefined)[]
  /** The name with its dots that stands in the SQL where the error is. */
  written: string
}

export interface Wording {
  /** What DuckDB's message begins with. */
  when: RegExp
  code: string
  says(told: Told): string
  /** Of what values do, Trino names no place in the SQL. */
  isOfValues?: true
}

const unresolved = ({ written, found }: Told) =>
  `Column '${written || found[1]}' cannot be resolved or requester is not authorized to access requested resources`

/** DuckDB's errors in the words of Trino 476, with what Athena adds to them. */
export const wordings: readonly Wording[] = [
  { when: /^Referenced column "(.*)" (?:was )?not found/, code: 'COLUMN_NOT_FOUND', says: unresolved },
  { when: /^Referenced table "(.*)" not found/, code: 'COLUMN_NOT_FOUND', says: unresolved },
  { when: /^Table "(.*)" does not have a column/, code: 'COLUMN_NOT_FOUND', says: unresolved },
  {
    when: /^Table with name "?(.*?)"? does not exist/,
    code: 'TABLE_NOT_FOUND',
    says: ({ found }) => `Table '${found[1]}' does not exist`,
  },
  {
    when: /^Ambiguous reference to column name "(.*?)"/,
    code: 'AMBIGUOUS_NAME',
    says: ({ found }) => `Column '${found[1]}' is ambiguous`,
  },
  {
    when: /^column "?(.*?)"? must appear in the GROUP BY clause/,
    code: 'EXPRESSION_NOT_AGGREGATE',
    says: ({ found }) => `'${found[1]}' must be an aggregate expression or appear in GROUP BY clause`,
  },
  {
    when: /^(?:No function matches|Could not choose a best candidate)[^'"]*['"](\W+)\((.*)\)['"]/,
    code: 'TYPE_MISMATCH',
    says: ({ found }) => `Cannot apply operator: ${typesOf(found[2]).join(` ${found[1]} `)}`,
  },
  {
    when: /^(?:No function matches|Could not choose a best candidate)[^'"]*['"](\w+)\((.*?)\)['"]/,
    code: 'FUNCTION_NOT_FOUND',
    says: ({ found }) => `Unexpected parameters (${typesOf(found[2]).join(', ')}) for function ${found[1]}`,
  },
  {
    when: /^Macro (\w+)\(\) does not support the supplied arguments/,
    code: 'FUNCTION_NOT_FOUND',
    says: ({ found }) => `Unexpected parameters for function ${found[1]}`,
  },
  {
    when: /^Cannot extract field/,
    code: 'TYPE_MISMATCH',
    says: ({ written }) => `Expression ${written.split('.')[0]} is not of type ROW`,
  },
  {
    when: /^Could not convert string '(.*)' to (\S+)/,
    code: 'INVALID_CAST_ARGUMENT',
    says: ({ found }) => `Cannot cast '${found[1]}' to ${castNames[found[2] ?? ''] ?? found[2]}`,
    isOfValues: true,
  },
  {
    when: /^More than one row returned by a subquery/,
    code: 'SUBQUERY_MULTIPLE_ROWS',
    says: () => 'Scalar sub-query has returned multiple rows',
    isOfValues: true,
  },
  {
    when: /^Conflict on /,
    code: 'ICEBERG_COMMIT_ERROR',
    says: () => 'Failed to commit Iceberg update to table: it was changed meanwhile',
    isOfValues: true,
  },
]

const castNames: Readonly<Record<string, string>> = {
  INT8: 'TINYINT',
  INT16: 'SMALLINT',
  INT32: 'INT',
  INT64: 'BIGINT',
}

const literalTypes: Readonly<Record<string, string>> = {
  INTEGER_LITERAL: 'integer',
  STRING_LITERAL: 'varchar',
}

const typesOf = (list: string | undefined): string[] =>
  (list ?? '').split(', ').map((name) => literalTypes[name] ?? name.toLowerCase())
