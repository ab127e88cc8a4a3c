import { dayMs } from './calendar.ts'
import type { Happening } from './chronicle.ts'
import type { SentEvent } from './event.ts'

/** Whether a history, by time, shows something. */
export type Sign = (history: readonly Happening[]) => boolean

type Test = (event: SentEvent) => boolean

const names = new Set(['customer_id', 'loyalty_id', 'email', 'email_sha256', 'phone'])
const weeksOfAnonymityMs = 21 * dayMs
/** So soon after a look, a purchase is of the same journey. */
const soonMs = 14 * dayMs

export const isNamed: Test = ({ identifiers }) => identifiers.some(({ type }) => names.has(type))
export const isOnline: Test = ({ channel }) => channel === 'web' || channel === 'app'
export const isInStore: Test = ({ channel }) => channel === 'store'
export const looksOnline: Test = (event) => isOnline(event) && event.type === 'view_item'
export const looksInStore: Test = (event) => isInStore(event) && event.type === 'zone_dwell'

export function has(test: Test): Sign {
  return (history) => history.some(({ event }) => test(event))
}

export const wasAnonymousForWeeks: Sign = (history) => {
  const named = history.find(({ event }) => isNamed(event))
  const [first] = history
  return first !== undefined && named !== undefined && named.atMs - first.atMs >= weeksOfAnonymityMs
}

/** Looked and then bought, with no other purchase between. */
export function boughtAfter(looks: Test, buys: Test): Sign {
  return (history) => {
    let lookedMs = Number.NEGATIVE_INFINITY
    for (const { event, atMs } of history) {
      if (looks(event)) lookedMs = atMs
      if (event.type !== 'purchase') continue
      if (buys(event) && atMs - lookedMs < soonMs) return true
      lookedMs = Number.NEGATIVE_INFINITY
    }
    return false
  }
}

/** What followed an order that was placed online. */
export function afterOnlineOrder(follows: Test): Sign {
  return (history) => {
    const purchases = history.filter(({ event }) => event.type === 'purchase')
    return history.some(({ event }) => {
      if (!follows(event)) return false
      // The order management reports orders of all channels, after them.
      const placed = purchases.find((purchase) => purchase.event.order?.id === event.order?.id)
      return placed !== undefined && isOnline(placed.event)
    })
  }
}
