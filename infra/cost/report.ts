import { apartOf } from './apart.ts'
import { billOf } from './bill.ts'
import { dollarsOf, eventsOf, type Line, totalOf } from './line.ts'
import type { Demand } from './load.ts'
import { savingsOf } from './savings.ts'
import { textTable } from './text-table.ts'

/** The bill of a month as people read it. */
export function reportOf(demand: Demand): string[] {
  const events = eventsOf(demand)
  const perMillion = (dollars: number) => ((dollars * 1e6) / events).toFixed(4)
  const lines = billOf(demand)
  const total = totalOf(lines)
  const header = ['', 'quantity', 'unit', 'list price', '$ a month', '$ per million events']
  const rowOf = (line: Line) => [
    line.what,
    line.quantity >= 1000 ? Math.round(line.quantity) : line.quantity,
    line.unit,
    String(line.price),
    dollarsOf(line).toFixed(2),
    perMillion(dollarsOf(line)),
  ]
  const savings = savingsOf(demand).map(({ what, dollars }) => [
    what,
    dollars.toFixed(2),
    perMillion(dollars),
    `${((100 * dollars) / total).toFixed(0)}%`,
  ])
  return [
    `${(events / 1e6).toFixed(1)} million events in 30 days, list prices of us-east-1, November 2026, without free tiers`,
    '',
    ...textTable(header, [...lines.map(rowOf), ['in all', '', '', '', total.toFixed(2), perMillion(total)]]),
    '',
    'Counted apart:',
    ...textTable(header, apartOf(demand).map(rowOf)),
    '',
    'What would change the bill, each by itself:',
    ...textTable(['', 'saves $ a month', '$ per million events', 'of the bill'], savings),
    '  * not an option: that is how the stacks, the functions or the events are',
  ]
}
