import * as z from 'zod'
import { string } from '../runtime/fields.ts'
import { type Journey, journeySchema } from './journey.ts'
import { type ListedItem, listedItem } from './listed-item.ts'
import type { Model } from './model.ts'
import type { Order } from './order.ts'
import { emptySummary, summarySchema } from './summary.ts'
import type { Touch } from './touch.ts'

/** Where a fold stands when no journey is running: enough to go on from. */
export const baseSchema = z.object({
  /** The journey converted last: its start and when. */
  lastConverted: z.object({ start: string, at: string }).nullable(),
  summary: summarySchema,
})
export type Base = z.infer<typeof baseSchema>

/** Where a fold stands after the touchpoint at `cursor`; empty before the first. */
export const foldStateSchema = baseSchema.extend({
  cursor: string,
  running: journeySchema.nullable(),
  /** Where the running journey started from; null: from nothing. */
  runningBase: baseSchema.nullable(),
  /** What was put into the cart in the running journey and not taken out, the latest last. */
  cart: z.array(listedItem),
})
export type FoldState = z.infer<typeof foldStateSchema>

export const emptyBase: Base = { lastConverted: null, summary: emptySummary }
/** A fold that goes on from a base. */
export const stateAt = (base: Base): FoldState => ({
  ...base,
  cursor: '',
  running: null,
  runningBase: null,
  cart: [],
})
export const emptyState: FoldState = stateAt(emptyBase)

/** A refund or cancellation with a number of its own counts once: where it was reported first. */
type Refund = { refundId: string; first: string }

/**
 * What a fold looks up and changes besides its state: journeys that run no more, and where they started from, by their
 * start; orders and refunds by their number.
 */
export type Ledger = {
  journeys: Map<string, Journey>
  orders: Map<string, Order>
  refunds: Map<string, Refund>
  bases: Map<string, Base>
}

export const emptyLedger = (): Ledger => ({
  journeys: new Map(),
  orders: new Map(),
  refunds: new Map(),
  bases: new Map(),
})

/** What all persons are folded by. */
export type Rules = {
  model: Model
  /** Of amounts without currency. */
  currency: string
}

/**
 * Counted up with every change of the code that makes another fold of the same touchpoints, or stores it otherwise. Like
 * another model it has all journeys folded anew in the background, so nothing else has to be migrated.
 */
export const foldVersion = 1

/** Says what a fold was made by: what was made by something else is folded anew. */
export const rulesKey = ({ model, currency }: Rules): string => `${model.digest}${currency}${foldVersion}`

/** What one touchpoint did: the journey that it found given up, and the one that it went to, as it was and as it is. */
export type FoldStep = {
  touch: Touch
  ended: Journey | null
  /** That of the journey given up. */
  cart: readonly ListedItem[]
  /** Null if it starts one, or belongs to none. */
  before: Journey | null
  after: Journey | null
}

export type FoldRules = Rules & {
  /** False for the neutral person of a shared device, which has touchpoints but no journeys. */
  journeys: boolean
  onStep?: (step: FoldStep) => void
}
