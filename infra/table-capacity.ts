import { Billing, Capacity } from 'aws-cdk-lib/aws-dynamodb'
import { asBuilt, indexReads, publishingIn, unitsPerEvent, utilization, waitOf } from './cost/load.ts'
import type { Scale } from './profiles.ts'

export type TableName = 'Identity' | 'Touchpoints' | 'Journeys' | 'Insights'

const inBill = { Identity: 'identity', Touchpoints: 'touchpoints', Journeys: 'journeys' } as const

type Provisioned = Extract<Scale['tables'], { mode: 'provisioned' }>

/** As the bill has them; what shops and analysts read comes on top, and auto scaling finds it. */
function unitsOf(scale: Scale, tables: Provisioned, name: keyof typeof inBill) {
  const { eventsPerSecond } = tables
  const publishing = publishingIn(waitOf({ eventsPerSecond, scale, build: asBuilt }, 'journeys'))
  return unitsPerEvent(publishing)[inBill[name]]
}

/** How a table is paid for. Into insights much is written once a night and nothing else: by request that is a few cents. */
export function capacityOf(scale: Scale, name: TableName) {
  const { tables } = scale
  if (tables.mode === 'on-demand' || name === 'Insights') return { billing: Billing.onDemand() }
  const { read, write } = unitsOf(scale, tables, name)
  const readCapacity = scaled(tables, read)
  return { billing: Billing.provisioned({ readCapacity, writeCapacity: scaled(tables, write) }) }
}

/** How its index is. */
export function indexCapacityOf(scale: Scale, name: TableName) {
  const { tables } = scale
  if (tables.mode === 'on-demand' || name === 'Insights') return {}
  const { indexRead, indexWrite } = unitsOf(scale, tables, name)
  const readCapacity = indexRead > 0 ? scaled(tables, indexRead) : Capacity.fixed(indexReads)
  return { readCapacity, writeCapacity: scaled(tables, indexWrite) }
}

function scaled(tables: Provisioned, units: number): Capacity {
  const bought = (eventsPerSecond: number) => Math.max(1, Math.ceil((eventsPerSecond * units) / utilization))
  return Capacity.autoscaled({
    minCapacity: bought(tables.eventsPerSecond),
    maxCapacity: bought(tables.maxEventsPerSecond),
    seedCapacity: bought(tables.eventsPerSecond),
    targetUtilizationPercent: 100 * utilization,
  })
}
