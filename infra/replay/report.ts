import type { Outcome } from './outcome.ts'

/** A small table, and the line that programs read as the last. */
export function reportLocal(outcome: Outcome): string {
  const { sent, counted } = outcome
  const { accepted, duplicate, quarantined } = counted
  return `${outcomeTable(outcome)}\nsent ${sent} accepted ${accepted} duplicate ${duplicate} quarantined ${quarantined}\n`
}

export function outcomeTable({ sent, counted, rejections, visibleAfterMs, elapsedMs }: Outcome): string {
  const rows: [string, string][] = [
    ['sent', `${sent}`],
    ['accepted', `${counted.accepted}`],
    ['duplicate', `${counted.duplicate}`],
    ['quarantined', `${counted.quarantined}`],
    ...[...rejections].map(([reason, { count, example }]): [string, string] => [
      `  ${reason}`,
      `${count}, such as: ${example}`,
    ]),
    ['visible', `${Math.round(visibleAfterMs)} ms after the last was sent`],
    ['rate', `${Math.round((sent / Math.max(elapsedMs, 1)) * 1000)} events/s`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

export function reportRemote(sent: number): string {
  return `sent ${sent}\n`
}
