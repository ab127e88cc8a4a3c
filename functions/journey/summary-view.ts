import { shownExperience } from './experience.ts'
import type { FoldState, Rules } from './fold-state.ts'
import { shownAmount } from './money.ts'
import type { Paid } from './paid.ts'
import { shownPreference } from './preference.ts'
import { showJourney, statusOf } from './view.ts'

const dayMs = 24 * 60 * 60 * 1000

/** The parts of the 360° view that come from the fold, told by the rules that it was made by. */
export function showSummary({ summary, running, cart }: FoldState, now: string, rules: Rules) {
  const runningStatus = running ? statusOf(running, now, rules.model) : null
  return {
    profile: Object.fromEntries(Object.entries(summary.profile).map(([key, [value]]) => [key, value])),
    firstSeenAt: summary.firstSeenAt,
    lastSeenAt: summary.lastSeenAt,
    touchpointCount: summary.touchpointCount,
    orderCount: summary.orderCount,
    netValue: Object.entries(summary.net)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, units]) => ({ currency, amount: shownAmount(BigInt(units)) })),
    ...showPaid(summary.paid, now),
    ...shownPreference(summary.preference),
    experience: shownExperience(summary.experience),
    consents: Object.entries(summary.consents)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([purpose, [status, at]]) => ({ purpose, status, at })),
    openJourney: running && runningStatus === 'open' ? showJourney(running, now, rules) : null,
    journeyCount: {
      open: runningStatus === 'open' ? 1 : 0,
      converted: summary.converted,
      abandoned: summary.abandoned + (runningStatus === 'abandoned' ? 1 : 0),
    },
    cart: runningStatus === 'open' ? cart : [],
    wishlist: summary.wishlist,
    lastViewed: summary.viewed,
  }
}

/** Of orders of which something is left: days since the latest, how many, and what they come to in its currency. */
function showPaid({ count, net, latest }: Paid, now: string) {
  const [last] = latest
  if (!last) return { recencyDays: null, frequency: count, monetary: 0 }
  const [at, currency] = last
  return {
    // A till's clock may be ahead.
    recencyDays: Math.max(0, Math.floor((Date.parse(now) - Date.parse(at)) / dayMs)),
    frequency: count,
    monetary: shownAmount(BigInt(net[currency] ?? '0')),
  }
}
