import type { PublishedTable } from './tables.ts'

/**
 * By what Firehose knows where a row goes, in the language of jq 1.6. What has the column of no table is given no
 * destination, so that it is put with the errors and not into a table that it does not belong to.
 */
export function routingQuery(
  database: string,
  tables: readonly Pick<PublishedTable, 'name' | 'toldBy'>[],
): string {
  const choices = tables.map(({ name, toldBy }) => `if has("${toldBy}") then "${name}"`)
  const table = `${choices.join(' el')} else null end`
  return `{destinationDatabaseName: "${database}", destinationTableName: (${table}), operation: "insert"}`
}
