import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { retail } from '../../functions/journey/model.ts'
import { viewText } from '../../functions/lake/view-text.ts'
import type { Trino } from './client.ts'

export const rules = { model: retail, currency: 'EUR' }

const directory = join(import.meta.dirname, '..', '..', 'functions', 'lake', 'views')

/** Of all that there are. */
export const viewNames: readonly string[] = readdirSync(directory)
  .filter((name) => name.endsWith('.sql'))
  .map((name) => name.slice(0, -'.sql'.length))

/** Creates all views that Trino takes; of the others why it does not. */
export async function createViews(trino: Trino): Promise<ReadonlyMap<string, string>> {
  let waiting = viewNames
  for (;;) {
    const problems = new Map<string, string>()
    for (const name of waiting) {
      const text = `create view ${name} as ${viewText(name, rules)}`
      await trino.query(text).catch((error: unknown) => problems.set(name, String(error)))
    }
    // Some may have read others that were not there yet.
    if (problems.size === 0 || problems.size === waiting.length) return problems
    waiting = [...problems.keys()]
  }
}
