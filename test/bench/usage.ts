import { prices } from '../../infra/cost/prices.ts'
import type { LogEntry } from '../simulation/dynamodb.ts'
import type { Stretch } from './recorded-run.ts'
import { printTable } from './report.ts'

export type Usage = { requests: number; read: number; write: number }

/** On demand, us-east-1, in dollars for a million. */
export const dollarsPerMillion = ({ read, write }: Usage) =>
  write * prices.dynamodb.onDemand.millionWrites + read * prices.dynamodb.onDemand.millionReads

export function usageOf(log: readonly LogEntry[], events = 1): Usage {
  const usage: Usage = { requests: log.length / events, read: 0, write: 0 }
  for (const { read, write } of log.flatMap(({ units }) => Object.values(units))) {
    usage.read += read / events
    usage.write += write / events
  }
  return usage
}

export function usageOfTable(table: string, log: readonly LogEntry[], events = 1): Usage {
  return usageOf(
    log.filter(({ units }) => table in units),
    events,
  )
}

/** By function, kind of request and table. */
export function printBreakdown(title: string, { log, events }: Stretch): void {
  const groups = new Map<string, LogEntry[]>()
  for (const entry of log) {
    const [table = ''] = Object.keys(entry.units)
    const name = `${entry.worker} ${entry.command} ${table}`
    groups.set(name, [...(groups.get(name) ?? []), entry])
  }
  const rows = [...groups].map(([name, entries]) => {
    const items = entries.reduce((sum, { count }) => sum + count, 0)
    const { requests, read, write } = usageOf(entries, events / 100)
    return [name, requests, (100 * items) / events, read, write]
  })
  printTable(title, ['function, request, table', 'requests', 'items', 'read units', 'write units'], rows)
}
