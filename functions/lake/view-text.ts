import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rules } from '../journey/fold-state.ts'

const directory = join(import.meta.dirname, 'views')

/**
 * The SQL of a view. What the retailer decides stands in it as a literal, for a view takes no parameters.
 * @throws Error if the text names a placeholder that there is not
 */
export function viewText(name: string, rules: Rules): string {
  const literals = literalsOf(rules)
  return readFileSync(join(directory, `${name}.sql`), 'utf8').replaceAll(
    /\{\{(\w+)\}\}/g,
    (_, placeholder) => {
      const literal = literals.get(placeholder)
      if (literal === undefined) throw new Error(`views/${name}.sql: there is no {{${placeholder}}}`)
      return literal
    },
  )
}

function literalsOf({ model, currency }: Rules): ReadonlyMap<string, string> {
  const { abandonedAfterDays, afterSalesWindowDays } = model.definition
  return new Map([
    ['currency', quoted(currency)],
    ['abandoned_after_days', String(abandonedAfterDays)],
    ['after_sales_window_days', String(afterSalesWindowDays)],
    ['converts', quoted(model.converts)],
    ['after_sales', quoted(model.afterSales)],
    ['early_phases', listed(model.phases.slice(0, model.phases.indexOf(model.converts)))],
    ['exposures', listed([...model.exposures])],
  ])
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** For `in (…)`; of an empty list nothing is in it. */
const listed = (texts: readonly string[]): string =>
  texts.length > 0 ? texts.map(quoted).join(', ') : 'null'
