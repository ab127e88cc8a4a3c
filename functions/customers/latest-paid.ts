import type { FoldState } from '../journey/fold-state.ts'
import { ownNet } from '../journey/order.ts'
import type { Checkpoint } from '../store/checkpoint.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { lastCharacter } from '../store/keys.ts'
import { latestPurchases, type Purchase } from './purchases.ts'

const pageSize = 50

/** A summary knows the latest ten orders of which something was left. Whether all of those were given back since. */
export const needsLatestPaid = ({ summary: { paid } }: FoldState): boolean =>
  paid.latest.length === 0 && paid.count > 0

/** The state with the latest order of which something is left; if need be, the rows are asked for it. */
export async function withLatestPaid(
  { personId, generation }: Pick<Checkpoint, 'personId' | 'generation'>,
  state: FoldState,
  store: JourneyStore,
  defaultCurrency: string,
): Promise<FoldState> {
  if (!needsLatestPaid(state)) return state
  const { paid } = state.summary
  const range = { personId, generation, before: lastCharacter, pageSize }
  for await (const { journey, order } of latestPurchases(range, store)) {
    const currency = currencyLeft({ journey, order }, defaultCurrency)
    if (journey.convertedAt === null || currency === null) continue
    const latest: typeof paid.latest = [[journey.convertedAt, currency, journey.orderId]]
    return { ...state, summary: { ...state.summary, paid: { ...paid, latest } } }
  }
  return state
}

/** The currency of an order of which something is left; null if nothing is. */
function currencyLeft({ journey, order }: Omit<Purchase, 'at'>, defaultCurrency: string): string | null {
  if (order) return ownNet(order, defaultCurrency)?.currency ?? null
  // Without a number nobody can have given it back.
  const isPaid = journey.orderId === null && BigInt(journey.amount ?? '0') > 0n
  return isPaid ? (journey.currency ?? defaultCurrency) : null
}
