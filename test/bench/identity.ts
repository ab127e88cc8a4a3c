import { printConflicts } from './hot-report.ts'
import { printEventCosts } from './identity-cost-report.ts'
import { printLookups } from './identity-lookup.ts'
import { printCostsBySize } from './large-persons.ts'

/** What finding out who it was costs: by kind of event, by size of person, under contention, and to ask. */
export async function benchIdentity(): Promise<void> {
  await printEventCosts()
  await printCostsBySize()
  await printConflicts()
  await printLookups()
}
