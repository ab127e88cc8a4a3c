import { Billing, Capacity } from 'aws-cdk-lib/aws-dynamodb'
import { publishingIn, unitsPerEvent, utilization } from './cost/load.ts'
import type { Scale } from './profiles.ts'

export type TableName = 'Identity' | 'Touchpoints' | 'Journeys' | 'Insights'

/** `npm run bench -- bill`; what shops and analysts read comes on top, and auto scaling finds it. */
const measured = unitsPerEvent(publishingIn(10))
const unitsOf = {
  Identity: measured.identity,
  Touchpoints: measured.touchpoints,
  Journeys: measured.journeys,
}

/** People ask for an order now and then. */
const indexReads = 5

type Tables = Scale['tables']

/** How a table is paid for. Into insights much is written once a night and nothing else: by request that is a few cents. */
export function capacityOf(tables: Tables, name: TableName) {
  if (tables.mode === 'on-demand' || name === 'Insights') return { billing: Billing.onDemand() }
  const { read, write } = unitsOf[name]
  const readCapacity = scaled(tables, read)
  return { billing: Billing.provisioned({ readCapacity, writeCapacity: scaled(tables, write) }) }
}

/** How its index is. */
export function indexCapacityOf(tables: Tables, name: TableName) {
  if (tables.mode === 'on-demand' || name === 'Insights') return {}
  const { indexRead, indexWrite } = unitsOf[name]
  const readCapacity = indexRead > 0 ? scaled(tables, indexRead) : Capacity.fixed(indexReads)
  return { readCapacity, writeCapacity: scaled(tables, indexWrite) }
}

function scaled(tables: Extract<Tables, { mode: 'provisioned' }>, units: number): Capacity {
  const bought = (eventsPerSecond: number) => Math.max(1, Math.ceil((eventsPerSecond * units) / utilization))
  return Capacity.autoscaled({
    minCapacity: bought(tables.eventsPerSecond),
    maxCapacity: bought(tables.maxEventsPerSecond),
    seedCapacity: bought(tables.eventsPerSecond),
    targetUtilizationPercent: 100 * utilization,
  })
}
