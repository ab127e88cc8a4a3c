import {
  changedPerEvent,
  publishing,
  storedBytes,
  storing,
  storingSingly,
  streamRecords,
  type TableUnits,
  toldPerEvent,
  type Use,
} from '../../infra/cost/measured.ts'
import { measurePublishing, measureStoring } from './bill-units.ts'
import { type Column, printTable } from './report.ts'

/** What the bill is computed from, as it is measured now and as infra/cost/measured.ts has it. */
export async function benchBill(): Promise<void> {
  console.log('bill: units and bytes of an event at the retail mix (about a minute)')
  const stored = await measureStoring()
  const singly = await measurePublishing(1)
  const rows = (name: string, measured: Use, known: Use) => rowsOf(`${name}: `, measured, known)
  printTable('bill: an event, by function and table', header, [
    ...rows('process', stored.process, storing.process),
    ...rows('journey', stored.journey, storing.journey),
    ...rows('timers', stored.timers, storing.timers),
    ...unitRows('process singly: ', singly.process, storingSingly.process),
    ...unitRows('journey singly: ', singly.journey, storingSingly.journey),
    ['events that tell', stored.toldPerEvent, toldPerEvent],
    ['events that change a person', stored.changedPerEvent, changedPerEvent],
    ...Object.entries(stored.storedBytes).map(([name, bytes]) => [
      `bytes stored in ${name}`,
      bytes,
      storedBytes[name === 'identity' || name === 'touchpoints' || name === 'journeys' ? name : 'insights'],
    ]),
    ['bytes of the event', stored.eventBytes, ''],
    [
      'records of touchpoints and identity: bytes',
      singly.records.get('N')?.bytes ?? 0,
      streamRecords.touchpoints.bytes,
    ],
    [
      'records of journeys: an event',
      singly.records.get('P')?.perEvent ?? 0,
      streamRecords.journeys.perEvent,
    ],
    ['their bytes', singly.records.get('P')?.bytes ?? 0, streamRecords.journeys.bytes],
  ])
  const windows: Column[][] = []
  for (const known of publishing) {
    const { publish, rowBytes, nullBytes } = await measurePublishing(known.windowSeconds)
    const { identity, touchpoints, journeys } = publish.tables
    const reads = [identity.read, identity.indexRead, touchpoints.read, journeys.read]
    const sum = (all: readonly number[]) => all.reduce((total, read) => total + read, 0)
    windows.push([
      ...[known.windowSeconds, publish.requests, ...reads, sum(reads), sum(Object.values(known.read))],
      ...[rowBytes, known.rowBytes, nullBytes],
    ])
  }
  printTable(
    'bill: publish, by the seconds that a batch waits',
    [
      ...['', 'requests', 'reads: identity', 'index', 'touchpoints', 'journeys', 'all', 'known'],
      ...['bytes', 'known', 'of which nulls'],
    ],
    windows,
  )
}

const header = ['', 'measured', 'known']

const rowsOf = (name: string, measured: Use, known: Use): Column[][] => [
  [`${name}requests`, measured.requests, known.requests],
  ...unitRows(name, measured, known),
]

function unitRows(name: string, measured: Use, known: Use): Column[][] {
  const tables = ['identity', 'touchpoints', 'journeys'] as const
  const kinds: (keyof TableUnits)[] = ['read', 'write', 'indexRead', 'indexWrite']
  const rows = tables.flatMap((table) =>
    kinds.map((kind) => [`${name}${table} ${kind}`, measured.tables[table][kind], known.tables[table][kind]]),
  )
  return rows.filter(([, figure, other]) => figure !== 0 || other !== 0)
}
