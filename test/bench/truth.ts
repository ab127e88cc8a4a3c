import { variantNames } from '../scenario/ablation.ts'
import { createTruthTrial, type Finding } from '../scenario/truth.ts'
import { type Column, printTable } from './report.ts'

const world = { seed: 1, customers: 2_000, days: 90, start: new Date('2026-08-03T00:00:00Z') }
const header = ['', 'precision', 'recall', 'F1', 'B-cubed F1', 'persons', 'strays', 'F1 to full rules']

/** How well persons are found in a retail world, and what each rule costs and saves. */
export function benchTruth(): void {
  const { retail, find, findAtBest } = createTruthTrial(world)
  const full = find('full rules')
  const rows = variantNames.map((name) => rowOf(name, name === 'full rules' ? full : find(name)))
  const customers = new Set([...retail.truth.values()].filter((customer) => customer !== null)).size
  const title = `Identity: ${retail.truth.size} events of ${customers} customers in ${world.days} days`
  printTable(title, header, [...rows, rowOf('all that the events can tell', findAtBest())])

  function rowOf(name: string, { precision, recall, f1, bCubedF1, persons, strays }: Finding): Column[] {
    const shares = [precision, recall, f1, bCubedF1].map((share) => share.toFixed(4))
    return [name, ...shares, persons, strays, (f1 - full.f1).toFixed(4)]
  }
}
