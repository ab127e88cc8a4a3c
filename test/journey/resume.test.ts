import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../functions/journey/fold.ts'
import {
  emptyLedger,
  emptyState,
  type FoldState,
  foldStateSchema,
  type Ledger,
  stateAt,
} from '../../functions/journey/fold-state.ts'
import type { Touch } from '../../functions/journey/touch.ts'
import { ledgerRows, readIntoLedger } from '../../functions/store/journeys.ts'
import { touchLists } from './arbitrary-touches.ts'
import { rules } from './touches.ts'

const generation = 'g7'
const lists = touchLists(25)

/** A list and where it is cut into pieces. */
const cutLists = lists.chain((touches) =>
  fc.record({
    touches: fc.constant(touches),
    cuts: fc.uniqueArray(fc.nat({ max: touches.length }), { maxLength: 6 }),
  }),
)

function piecesOf(touches: readonly Touch[], cuts: readonly number[]): Touch[][] {
  const ends = [...cuts, touches.length].sort((a, b) => a - b)
  return ends.map((end, index) => touches.slice(ends[index - 1] ?? 0, end))
}

type Kept = { state: FoldState; ledger: Ledger }

const inOneGo = (touches: readonly Touch[]): Kept => {
  const ledger = emptyLedger()
  return { state: fold(emptyState, touches, ledger, rules), ledger }
}

/** What is stored, parsed: the order of keys in it means nothing. */
const stored = (ledger: Ledger) =>
  new Map(
    ledgerRows(ledger, generation).map(({ sk, data, base }) => [
      sk,
      [data && JSON.parse(data), base && JSON.parse(base)],
    ]),
  )

/** As it comes back from the store. */
function throughTheStore({ state, ledger }: Kept): Kept {
  const read = emptyLedger()
  readIntoLedger(ledgerRows(ledger, generation), generation, read)
  return { state: foldStateSchema.parse(JSON.parse(JSON.stringify(state))), ledger: read }
}

/** What a piece refers to: the orders and refunds it names, their journeys and the one converted last. */
function partFor(touches: readonly Touch[], { state, ledger }: Kept): Ledger {
  const orderIds = new Set(touches.flatMap(({ order }) => order?.id ?? []))
  const refundIds = new Set(touches.flatMap(({ order }) => order?.refundId ?? []))
  const orders = new Map([...ledger.orders].filter(([orderId]) => orderIds.has(orderId)))
  const starts = new Set([...orders.values()].map(({ journey }) => journey))
  starts.add(state.lastConverted?.start ?? null)
  return {
    orders,
    refunds: new Map([...ledger.refunds].filter(([refundId]) => refundIds.has(refundId))),
    journeys: new Map([...ledger.journeys].filter(([start]) => starts.has(start))),
    bases: new Map(),
  }
}

describe('a fold that goes on', () => {
  it('in pieces comes to what it comes to in one go', () => {
    fc.assert(
      fc.property(cutLists, ({ touches, cuts }) => {
        const ledger = emptyLedger()
        let state = emptyState
        for (const piece of piecesOf(touches, cuts)) state = fold(state, piece, ledger, rules)
        expect({ state, ledger }).toEqual(inOneGo(touches))
      }),
      { numRuns: 600 },
    )
  })

  it('from what was stored comes to the same', () => {
    fc.assert(
      fc.property(cutLists, ({ touches, cuts }) => {
        let kept: Kept = { state: emptyState, ledger: emptyLedger() }
        for (const piece of piecesOf(touches, cuts)) {
          kept = throughTheStore({ state: fold(kept.state, piece, kept.ledger, rules), ledger: kept.ledger })
        }
        const once = inOneGo(touches)
        expect(kept.state).toEqual(once.state)
        expect(stored(kept.ledger)).toEqual(stored(once.ledger))
      }),
      { numRuns: 600 },
    )
  })

  it('needs no more of what was stored than it refers to', () => {
    fc.assert(
      fc.property(cutLists, ({ touches, cuts }) => {
        const all: Kept = { state: emptyState, ledger: emptyLedger() }
        for (const piece of piecesOf(touches, cuts)) {
          const part = partFor(piece, all)
          all.state = fold(all.state, piece, part, rules)
          for (const [start, journey] of part.journeys) all.ledger.journeys.set(start, journey)
          for (const [orderId, order] of part.orders) all.ledger.orders.set(orderId, order)
          for (const [refundId, refund] of part.refunds) all.ledger.refunds.set(refundId, refund)
          for (const [start, base] of part.bases) all.ledger.bases.set(start, base)
        }
        const once = inOneGo(touches)
        expect(all.state).toEqual(once.state)
        expect(stored(all.ledger)).toEqual(stored(once.ledger))
      }),
      { numRuns: 600 },
    )
  })

  it('from the base of any journey comes to the same journeys from there', () => {
    fc.assert(
      fc.property(lists, (touches) => {
        const once = inOneGo(touches)
        for (const [start, base] of once.ledger.bases) {
          const at = touches.findIndex(({ position }) => position === start)
          const before = inOneGo(touches.slice(0, at))
          const { running: abandoned, runningBase } = before.state
          if (abandoned) before.ledger.journeys.set(abandoned.start, abandoned)
          if (abandoned && runningBase) before.ledger.bases.set(abandoned.start, runningBase)
          const state = fold(stateAt(base), touches.slice(at), before.ledger, rules)
          expect(state).toEqual(once.state)
          expect(stored(before.ledger)).toEqual(stored(once.ledger))
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('what is stored of a fold', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(lists, (touches) => {
        const once = inOneGo(touches)
        const { state, ledger } = throughTheStore(once)
        expect(state).toEqual(JSON.parse(JSON.stringify(once.state)))
        expect(ledger.orders).toEqual(once.ledger.orders)
        expect(ledger.refunds).toEqual(once.ledger.refunds)
        expect(ledger.journeys).toEqual(once.ledger.journeys)
        const told = [...once.ledger.bases].filter(([, { summary }]) => summary.touchpointCount > 0)
        expect([...ledger.bases]).toEqual(expect.arrayContaining(told))
        expect(ledger.bases.size).toBe(told.length)
      }),
      { numRuns: 500 },
    )
  })

  it('has order and refund numbers of any length and characters', () => {
    const number = fc.oneof(
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.constantFrom('x'.repeat(401), 'y'.repeat(9000)),
    )
    fc.assert(
      fc.property(lists, number, (touches, odd) => {
        const renamed = touches.map((touch) =>
          touch.order?.id === 'A' ? { ...touch, order: { ...touch.order, id: odd, refundId: odd } } : touch,
        )
        const once = inOneGo(renamed)
        const { ledger } = throughTheStore(once)
        expect(ledger.orders).toEqual(once.ledger.orders)
        expect(ledger.refunds).toEqual(once.ledger.refunds)
        for (const { sk } of ledgerRows(ledger, generation)) expect(Buffer.byteLength(sk)).toBeLessThan(1024)
      }),
      { numRuns: 300 },
    )
  })
})
