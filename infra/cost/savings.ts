import type { Scale } from '../profiles.ts'
import { billOf } from './bill.ts'
import { totalOf } from './line.ts'
import type { Build, Demand } from './load.ts'

export interface Saving {
  what: string
  /** Dollars a month; less than nothing: it costs more. */
  dollars: number
}

/** What a month would cost less if one thing were otherwise, the others as they are; the most first. */
export function savingsOf(demand: Demand): Saving[] {
  const now = totalOf(billOf(demand))
  const tried = [...options(demand), ...changes(demand)]
  const saved = tried.map(({ what, otherwise }) => ({ what, dollars: now - totalOf(billOf(otherwise)) }))
  return saved.filter(({ dollars }) => Math.abs(dollars) >= 0.01).sort((a, b) => b.dollars - a.dollars)
}

type Tried = { what: string; otherwise: Demand }

/** What may be set in cdk.json. */
function options(demand: Demand): Tried[] {
  const { scale, eventsPerSecond } = demand
  const set = (what: string, some: Partial<Scale>): Tried => ({
    what,
    otherwise: { ...demand, scale: { ...scale, ...some } },
  })
  const bought = { eventsPerSecond, maxEventsPerSecond: eventsPerSecond * 10 }
  const shards = Math.max(1, Math.ceil(eventsPerSecond / 700))
  return [
    scale.tables.mode === 'on-demand'
      ? set('tables.mode provisioned', { tables: { mode: 'provisioned', ...bought } })
      : set('tables.mode on-demand', { tables: { mode: 'on-demand' } }),
    scale.stream.mode === 'on-demand'
      ? set(`stream.mode provisioned, ${shards} shards`, { stream: { mode: 'provisioned', shards } })
      : set('stream.mode on-demand', { stream: { mode: 'on-demand' } }),
    set('publishWindowSeconds 300', { publishWindowSeconds: 300 }),
    set('publishWindowSeconds 30', { publishWindowSeconds: 30 }),
    set('lakeBufferSeconds 900', { lakeBufferSeconds: 900 }),
  ]
}

/** What takes a change of the stacks or the functions. */
function changes(demand: Demand): Tried[] {
  const built = (what: string, some: Partial<Build>): Tried => ({
    what: `${what} *`,
    otherwise: { ...demand, build: { ...demand.build, ...some } },
  })
  return [
    built('calls by streams are traced', { tracedStreams: true }),
    built('START, END and REPORT in the logs', { platformLogs: true }),
    built('rows for the lake without their nulls', { nullsSent: false }),
    built('journey waits a second for more', { journeyWindowSeconds: 1 }),
    built('no two events of a person in a second', { together: false }),
    built('Kinesis keeps events for a day', { retentionDays: 1 }),
  ]
}
