import * as z from 'zod'
import { analyses } from '../analytics/analyses.ts'
import type { Analysis } from '../analytics/analysis.ts'
import { literalText } from '../analytics/statement.ts'
import { pageParameters } from '../http/page.ts'
import type { Field, FieldType } from '../lake/column.ts'
import { listText } from './list-text.ts'

/** What can be asked of the results of an analysis, over HTTP; it has the name of the analysis. */
export interface InsightKind {
  name: string
  columns: readonly InsightColumn[]
  /** The query of the route: filters, order and page. */
  parameters: z.ZodObject<typeof pageParameters>
  /** The rows of a run, one column for each of `columns`; lists as `listText` has them. */
  textOf(runId: string, asked: Asked): string
}

interface InsightColumn {
  /** As answers show it. */
  name: string
  /** As the table has it. */
  column: string
  type: FieldType
}

/** Parameters as parsed. */
export type Asked = Readonly<Record<string, unknown>>

/** The first of the results is what is shown. */
function kindOf({ name, results: [result], order }: Analysis): InsightKind[] {
  if (!result) return []
  const columns = result.fields.filter(({ name: column }) => column !== 'run_id').map(columnOf)
  const filters = filtersOf(columns)
  const asFilter = z.string().optional()
  const parameters = z.object({
    ...Object.fromEntries(filters.map((filter) => [filter.name, asFilter])),
    sort: sortParameter(columns),
    ...pageParameters,
  })
  const shown = columns.map(({ column, type }) => (isList(type) ? listText(column) : column))
  const textOf = (runId: string, asked: Asked) => {
    const conditions = filters.flatMap((filter) => {
      const value = asked[filter.name]
      return typeof value === 'string' ? [filter.holds(value)] : []
    })
    const first = typeof asked.sort === 'string' ? orderOf(asked.sort, columns) : order
    const ties = columns.map(({ column }) => column).join(', ')
    return `select ${shown.join(', ')} from ${result.name} where ${[
      `run_id = ${literalText(runId)}`,
      ...conditions,
    ].join(' and ')} order by ${first}, ${ties}`
  }
  return [{ name, columns, parameters, textOf }]
}

const columnOf = ({ name, type }: Field): InsightColumn => ({ name: inCamelCase(name), column: name, type })

const inCamelCase = (name: string): string =>
  name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const isList = (type: FieldType): boolean => typeof type !== 'string'

interface Filter {
  /** The parameter. */
  name: string
  /** A condition of SQL. */
  holds(value: string): string
}

/** Texts by what they are, empty: by being without one; rules also by an item that they begin with. */
function filtersOf(columns: readonly InsightColumn[]): Filter[] {
  const texts = columns.filter(({ type }) => type === 'string')
  const items = columns.filter(({ column }) => column === 'antecedent')
  return [
    ...texts.map(({ name, column }) => ({
      name,
      holds: (value: string) => (value === '' ? `${column} is null` : `${column} = ${literalText(value)}`),
    })),
    ...items.map(({ column }) => ({
      name: 'item',
      holds: (value: string) => `contains(${column}, ${literalText(value)})`,
    })),
  ]
}

function sortParameter(columns: readonly InsightColumn[]) {
  const names = columns.filter(({ type }) => !isList(type)).map(({ name }) => name)
  const text = `one of ${names.join(', ')}; with a - before it, the highest first`
  return z
    .enum(
      names.flatMap((name) => [name, `-${name}`]),
      text,
    )
    .optional()
}

function orderOf(sort: string, columns: readonly InsightColumn[]): string {
  const [name, direction] = sort.startsWith('-') ? [sort.slice(1), 'desc'] : [sort, 'asc']
  const sorted = columns.find((column) => column.name === name)
  if (!sorted) throw new Error(`there is no column ${name}`)
  return `${sorted.column} ${direction} nulls last`
}

/** One for each analysis. */
export const insightKinds: readonly InsightKind[] = analyses.flatMap(kindOf)
