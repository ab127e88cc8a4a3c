import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState, foldVersion, rulesKey } from '../../functions/journey/fold-state.ts'
import { touchLists } from './arbitrary-touches.ts'
import { rules } from './touches.ts'

/** All that is stored of 300 histories: states, journeys, orders, refunds, bases. */
function digestOfFolds() {
  const digest = createHash('sha256')
  for (const touches of fc.sample(touchLists(40), { seed: 1, numRuns: 300 })) {
    const ledger = emptyLedger()
    const state = fold(emptyState, touches, ledger, rules)
    const kept = Object.entries(ledger).map(([name, rows]) => [name, [...rows]])
    digest.update(JSON.stringify([state, kept]))
  }
  return digest.digest('hex').slice(0, 16)
}

test('what is stored of a history changes with its version only', () => {
  // Another digest under the same version: journeys that are there would stay as they were. Count foldVersion up.
  expect({ foldVersion, digest: digestOfFolds() }).toEqual({ foldVersion: 1, digest: 'c1ca82e7c98dca61' })
})

test('another version is another fold', () => {
  expect(rulesKey(rules)).toBe(`${rules.model.digest}${rules.currency}${foldVersion}`)
})
