import { itemBytes } from '../simulation/capacity.ts'
import type { Item } from '../simulation/value.ts'
import { printCrossCheck } from './cross-check.ts'
import { type Stretch, startRecordedRun } from './recorded-run.ts'
import { againstBar, barHeader, percentile, printTable } from './report.ts'
import { dollarsPerMillion, printBreakdown, usageOf } from './usage.ts'

const bars = { requests: 1, read: 1.5, write: 2 }

/** Requests and units per event as the store reports them. */
export async function benchStore(): Promise<void> {
  const run = await startRecordedRun()
  const of100 = await run.take(20, 100, true)
  const recordedRequests = run.store.exchanges.length
  const remembering = await run.take(20, 100, false)
  const of25 = await run.take(10, 25, true)
  const of1 = await run.take(5, 1, true)

  printTable(
    'store: per event, on the simulated store, which reckons units as AWS does',
    ['batches of', 'function', 'requests', 'read units', 'write units', '$ per million events'],
    [
      ...rowsOf('100', of100),
      ...rowsOf('100, identifiers remembered', remembering),
      ...rowsOf('25', of25),
      ...rowsOf('1', of1),
    ],
  )
  console.log(
    `  $: on demand, us-east-1. Unless said otherwise no identifier is remembered from the batches before.\n`,
  )
  const both = usageOf(of100.log, of100.events)
  printTable('store: process and journey together, batches of 100', barHeader, [
    againstBar('requests per event', both.requests, bars.requests),
    againstBar('read units per event', both.read, bars.read),
    againstBar('write units per event', both.write, bars.write),
  ])
  printBreakdown('store: what that goes to, per 100 events', of100)
  printSizes({
    touchpoints: run.store.items('touchpoints'),
    checkpoints: run.store.items('journeys').filter(({ sk }) => sk?.S === 'C'),
    'journeys, orders, refunds': run.store.items('journeys').filter(({ sk }) => sk?.S !== 'C'),
    'persons at their root': run.store.items('identity').filter(({ d }) => d !== undefined),
  })
  await printCrossCheck(
    run.store.exchanges.slice(0, recordedRequests),
    usageOf(run.store.log.slice(0, recordedRequests)),
  )
}

function rowsOf(size: string, { log, events }: Stretch) {
  return ['process', 'journey', 'both'].map((name, at) => {
    const own = log.filter(({ worker }) => name === 'both' || worker === name)
    const usage = usageOf(own, events)
    const { requests, read, write } = usage
    return [at === 0 ? size : '', name, requests, read, write, dollarsPerMillion(usage)]
  })
}

function printSizes(kinds: Record<string, readonly Item[]>): void {
  const rows = Object.entries(kinds).map(([name, items]) => {
    const bytes = items.map(itemBytes)
    const above = bytes.filter((size) => size > 1024).length / bytes.length
    return [
      name,
      items.length,
      percentile(bytes, 0.5),
      percentile(bytes, 0.95),
      `${Math.round(100 * above)} %`,
    ]
  })
  printTable('store: sizes of items in bytes', ['', 'items', 'p50', 'p95', 'above 1 KB'], rows)
}
