import type { Told } from './journey-events.ts'

/** A touchpoint so many hours after the first of June. */
export function told(
  hours: number,
  type: string,
  { node = 'n', channel = 'web', ...more }: Fields = {},
): Told {
  const id = String(++made).padStart(6, '0')
  const time = new Date(Date.UTC(2026, 5, 1) + Math.round(hours * 3_600_000)).toISOString()
  return { id, source: 's', time, channel, type, nodeId: node, fingerprint: `f${id}`, ...more }
}

export type Fields = { node?: string; channel?: string } & Record<string, unknown>

let made = 0
export const day = 24
export const bought = (hours: number, id: string | null, more: Fields = {}) =>
  told(hours, 'purchase', { order: { ...(id && { id }), total: 10 }, ...more })
export const back = (hours: number, id: string | null, type = 'refund') =>
  told(hours, type, { order: id ? { id } : {} })
export const millisecond = 1 / 3_600_000
