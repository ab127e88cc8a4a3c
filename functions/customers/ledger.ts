import { emptyLedger, type Ledger } from '../journey/fold-state.ts'
import type { Row } from '../store/checkpoint.ts'
import { readIntoLedger } from '../store/journeys.ts'

/**
 * The journeys and orders of these rows. Where each journey started from is left out: only a fold goes on from there, and
 * it is most of what there is to parse.
 */
export function ledgerOf(rows: readonly Row[], generation: string): Ledger {
  const ledger = emptyLedger()
  const told = rows.map(({ base: _, ...row }) => row)
  readIntoLedger(told, generation, ledger)
  return ledger
}
