import type { Counters, Rejections } from './local-system.ts'

export type Outcome = {
  sent: number
  /** What the system counted in the meantime. */
  counted: Counters
  rejections: Rejections
  /** From the last record's arrival in the stream until all effects were visible. */
  visibleAfterMs: number
  /** From the first record until all effects were visible. */
  elapsedMs: number
}

export function difference(after: Counters, before: Counters): Counters {
  return {
    received: after.received - before.received,
    accepted: after.accepted - before.accepted,
    duplicate: after.duplicate - before.duplicate,
    quarantined: after.quarantined - before.quarantined,
  }
}

/** A small table, and the line that programs read as the last. */
export function reportLocal({ sent, counted, rejections, visibleAfterMs, elapsedMs }: Outcome): string {
  const { accepted, duplicate, quarantined } = counted
  const rows: [string, string][] = [
    ['sent', `${sent}`],
    ['accepted', `${accepted}`],
    ['duplicate', `${duplicate}`],
    ['quarantined', `${quarantined}`],
    ...[...rejections].map(([reason, { count, example }]): [string, string] => [
      `  ${reason}`,
      `${count}, such as: ${example}`,
    ]),
    ['visible', `${Math.round(visibleAfterMs)} ms after the last was sent`],
    ['rate', `${Math.round((sent / Math.max(elapsedMs, 1)) * 1000)} events/s`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
  return `${table}\nsent ${sent} accepted ${accepted} duplicate ${duplicate} quarantined ${quarantined}\n`
}

export function reportRemote(sent: number): string {
  return `sent ${sent}\n`
}
