import type { Outcome } from '../replay/outcome.ts'
import { outcomeTable } from '../replay/report.ts'
import type { SentEvent } from './event.ts'
import type { Found } from './find.ts'

export function announce(events: readonly SentEvent[], perSecond: number): string {
  const days = events.map(({ time }) => dayOf(time)).sort()
  const seconds = Math.ceil(events.length / perSecond)
  return `The demo: ${events.length} events of a made-up retailer, ${days[0]} to ${days.at(-1)}, in about ${seconds} s.
Customers worth looking at are named at the end; until then everything can be used as always.
`
}

export function reportDemo(outcome: Outcome, found: readonly Found[]): string {
  const customers = found.map(({ why, lookup, url }) => {
    const place = url ?? 'nobody is known by it'
    return `  ${why}\n    ${lookup.type} ${lookup.value}\n    ${place}\n`
  })
  return `
${outcomeTable(outcome)}

Customers worth looking at:

${customers.join('\n')}`
}

/** In UTC. */
export function dayOf(time: string): string {
  return new Date(time).toISOString().slice(0, 10)
}
