import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../functions/journey/fold.ts'
import {
  emptyLedger,
  emptyState,
  type FoldRules,
  type FoldState,
  type Ledger,
} from '../../functions/journey/fold-state.ts'
import { journeyOf, journeysBefore } from '../../functions/journey/membership.ts'
import { createModel, retail } from '../../functions/journey/model.ts'
import { retailDefinition } from '../../functions/journey/retail.ts'
import { comparePositions, type Touch } from '../../functions/journey/touch.ts'
import { ledgerRows, readIntoLedger } from '../../functions/store/journeys.ts'
import { journeySort, orderSort } from '../../functions/store/keys.ts'
import { touchLists } from './arbitrary-touches.ts'
import { at, purchase, touch } from './touches.ts'
import { travel } from './travel.ts'

type Row = ReturnType<typeof ledgerRows>[number]

const generation = '0'
const sort = (position: string) => journeySort(generation, position)

/** The journey each touchpoint went to, by whose count grew, and where the fold stood in the end. */
function folded(touches: readonly Touch[], rules: FoldRules) {
  const ledger = emptyLedger()
  const homes = new Map<Touch, string | null>()
  let state = emptyState
  for (const one of touches) {
    const before = countsIn(state, ledger)
    state = fold(state, [one], ledger, rules)
    const grown = [...countsIn(state, ledger)].filter(([start, count]) => count !== (before.get(start) ?? 0))
    expect(grown.length).toBeLessThanOrEqual(1)
    homes.set(one, grown[0]?.[0] ?? null)
  }
  return { homes, state, ledger }
}

function countsIn({ running }: FoldState, { journeys }: Ledger): Map<string, number> {
  const all = [...journeys.values(), ...(running ? [running] : [])]
  return new Map(all.map(({ start, touchpointCount }) => [start, touchpointCount]))
}

/** What a timeline that shows these touchpoints reads of the stored journeys. */
function readFor(
  page: readonly Touch[],
  { state, ledger }: { state: FoldState; ledger: Ledger },
  { model }: FoldRules,
) {
  const rows = ledgerRows(ledger, generation).sort((a, b) => comparePositions(a.sk, b.sk))
  const isBetween = (from: string, to: string) => (row: Row) =>
    comparePositions(row.sk, from) >= 0 && comparePositions(row.sk, to) <= 0
  const isNamed = (sks: readonly string[]) => (row: Row) => sks.includes(row.sk)
  const positions = page.map(({ position }) => position).sort(comparePositions)
  const [first = '', last = ''] = [positions[0], positions.at(-1)]
  const read = emptyLedger()
  const take = (some: readonly Row[]) => readIntoLedger(some, generation, read)
  take(rows.filter(isBetween(sort(first), sort(last))))
  take(rows.filter(isBetween(sort(''), sort(first))).slice(-journeysBefore(model)))
  take(
    rows.filter(
      isNamed(
        page.flatMap(({ order }) => (order?.id === undefined ? [] : [orderSort(generation, order.id)])),
      ),
    ),
  )
  const starts = [...read.orders.values()].flatMap(({ journey }) => (journey === null ? [] : [sort(journey)]))
  take(rows.filter(isNamed(starts)))
  const { running } = state
  const journeys = [
    ...read.journeys.values(),
    ...(running && !read.journeys.has(running.start) ? [running] : []),
  ]
  return { journeys: journeys.sort((a, b) => comparePositions(a.start, b.start)), orders: read.orders }
}

const pagesOf = (touches: readonly Touch[]) =>
  fc
    .tuple(fc.nat({ max: touches.length - 1 }), fc.integer({ min: 1, max: 8 }))
    .map(([from, size]) => touches.slice(from, from + size))

const hasty = createModel({ ...retailDefinition, abandonedAfterDays: 7 })

describe.each([
  ['retail', retail],
  ['another', travel],
  ['one that gives up early', hasty],
])('by the model %s the journey that a touchpoint belongs to', (_, model) => {
  const rules = { model, currency: 'EUR', journeys: true }

  it('is, told from stored journeys, the one that the fold put it in', () => {
    let shown = 0
    fc.assert(
      fc.property(
        touchLists(40).chain((touches) => fc.tuple(fc.constant(touches), pagesOf(touches))),
        ([touches, page]) => {
          const told = folded(touches, rules)
          for (const some of [page, touches, ...touches.map((one) => [one])]) {
            const { journeys, orders } = readFor(some, told, rules)
            const found = some.map((one) => journeyOf(one, journeys, orders, rules.model)?.start ?? null)
            expect(found).toEqual(some.map((one) => told.homes.get(one)))
            shown += found.filter((start) => start !== null).length
          }
        },
      ),
      { numRuns: 250 },
    )
    expect(shown).toBeGreaterThan(1000)
  })

  it('is so, too, with gaps between the touchpoints of a page, as a filter leaves them', () => {
    fc.assert(
      fc.property(
        touchLists(40).chain((touches) =>
          fc.tuple(fc.constant(touches), fc.subarray(touches, { minLength: 1 })),
        ),
        ([touches, page]) => {
          const told = folded(touches, rules)
          const { journeys, orders } = readFor(page, told, rules)
          for (const one of page)
            expect(journeyOf(one, journeys, orders, rules.model)?.start ?? null).toBe(told.homes.get(one))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is found behind as many journeys as fit into the window for after-sales', () => {
    const touches = [
      purchase(at(0), 'A', 1),
      touch(at(0, 1), 'search'),
      touch(at(30, 2), 'search'),
      touch(at(60), 'complaint'),
    ]
    const told = folded(touches, rules)
    const page = touches.slice(-1)
    const { journeys, orders } = readFor(page, told, rules)
    expect(page.map((one) => journeyOf(one, journeys, orders, rules.model)?.start)).toEqual([
      touches[0]?.position,
    ])
  })
})
