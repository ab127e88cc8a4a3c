import { shownExperience } from './experience.ts'
import type { FoldState } from './fold.ts'
import { shownAmount } from './money.ts'
import { showJourney, statusOf } from './view.ts'

/** The parts of the 360° view that come from the fold. */
export function showSummary({ summary, running }: FoldState, now: string, defaultCurrency: string) {
  const runningStatus = running ? statusOf(running, now) : null
  return {
    profile: Object.fromEntries(Object.entries(summary.profile).map(([key, [value]]) => [key, value])),
    firstSeenAt: summary.firstSeenAt,
    lastSeenAt: summary.lastSeenAt,
    touchpointCount: summary.touchpointCount,
    orderCount: summary.orderCount,
    netValue: Object.entries(summary.net)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, units]) => ({ currency, amount: shownAmount(BigInt(units)) })),
    experience: shownExperience(summary.experience),
    consents: Object.entries(summary.consents)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([purpose, [status, at]]) => ({ purpose, status, at })),
    openJourney:
      running && runningStatus === 'open' ? showJourney(running, now, 'retail', defaultCurrency) : null,
    journeyCount: {
      open: runningStatus === 'open' ? 1 : 0,
      converted: summary.converted,
      abandoned: summary.abandoned + (runningStatus === 'abandoned' ? 1 : 0),
    },
  }
}
