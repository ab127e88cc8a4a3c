import { Billing, Capacity } from 'aws-cdk-lib/aws-dynamodb'
import type { Scale } from './profiles.ts'

export type TableName = 'Identity' | 'Touchpoints' | 'Journeys' | 'Insights'

/** Of a table and its index, for one event. */
interface Units {
  read: number
  write: number
  indexRead: number
  indexWrite: number
}

const unitsPerEvent: Record<TableName, Units> = {
  Identity: { read: 1, write: 0.2, indexRead: 1, indexWrite: 0.2 },
  Touchpoints: { read: 2, write: 1.1, indexRead: 0.05, indexWrite: 0.1 },
  Journeys: { read: 1, write: 0.8, indexRead: 0.05, indexWrite: 0.1 },
  Insights: { read: 0.05, write: 0.05, indexRead: 0, indexWrite: 0 },
}

/** Auto scaling keeps so much of what is bought in use, in percent; the rest is for what comes suddenly. */
const targetUtilizationPercent = 80

type Tables = Scale['tables']

/** How a table is paid for. */
export function capacityOf(tables: Tables, name: TableName) {
  if (tables.mode === 'on-demand') return { billing: Billing.onDemand() }
  const { read, write } = unitsPerEvent[name]
  return {
    billing: Billing.provisioned({
      readCapacity: scaled(tables, read),
      writeCapacity: scaled(tables, write),
    }),
  }
}

/** How its index is. */
export function indexCapacityOf(tables: Tables, name: TableName) {
  if (tables.mode === 'on-demand') return {}
  const { indexRead, indexWrite } = unitsPerEvent[name]
  return { readCapacity: scaled(tables, indexRead), writeCapacity: scaled(tables, indexWrite) }
}

function scaled(tables: Extract<Tables, { mode: 'provisioned' }>, units: number): Capacity {
  const bought = (eventsPerSecond: number) =>
    Math.max(1, Math.ceil((eventsPerSecond * units * 100) / targetUtilizationPercent))
  return Capacity.autoscaled({
    minCapacity: bought(tables.eventsPerSecond),
    maxCapacity: bought(tables.maxEventsPerSecond),
    seedCapacity: bought(tables.eventsPerSecond),
    targetUtilizationPercent,
  })
}
