import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb'
import type { Table } from './table.ts'

export type Units = { read: number; write: number }

/** What one request has cost so far, by table. */
export type Meter = {
  charge(table: string, kind: keyof Units, units: number, isOfIndex?: boolean): void
  /** With what its index cost. */
  byTable(): Record<string, Units>
  /** Only that of its index. */
  ofIndexes(): Record<string, Units>
}

export type StatementFault = {
  code: 'ThrottlingError' | 'ProvisionedThroughputExceeded' | 'InternalServerError'
  /** Whether the statement took effect in spite of the error. */
  isDone: boolean
}

/** What a request meets by chance. */
export type Chance = {
  /** How many of the latest changes of a partition an eventually consistent read misses. */
  lag(): number
  /** Whether an item of a batch is left for the next request. */
  isUnprocessed(): boolean
  statementFault(): StatementFault | undefined
  /** Whether another transaction holds the item. */
  isContended(): boolean
}

export const calm: Chance = {
  lag: () => 0,
  isUnprocessed: () => false,
  statementFault: () => undefined,
  isContended: () => false,
}

export type Request = { table(name: string | undefined): Table; meter: Meter; chance: Chance }

/** An answer in parts between which other requests may come: batches are not atomic. */
export type Parts<T> = Generator<void, T>

export function createMeter(): Meter {
  const tables: Record<string, Units> = {}
  const indexes: Record<string, Units> = {}
  return {
    charge(table, kind, units, isOfIndex = false) {
      for (const charged of isOfIndex ? [tables, indexes] : [tables]) {
        const entry = charged[table] ?? { read: 0, write: 0 }
        entry[kind] += units
        charged[table] = entry
      }
    },
    byTable: () => tables,
    ofIndexes: () => indexes,
  }
}

export function capacities(
  meter: Meter,
  wanted: string | undefined,
): { ConsumedCapacity?: ConsumedCapacity[] } {
  if (wanted === undefined || wanted === 'NONE') return {}
  const entries = Object.entries(meter.byTable()).map(([TableName, { read, write }]) => ({
    TableName,
    CapacityUnits: read + write,
  }))
  return { ConsumedCapacity: entries }
}

export function capacity(meter: Meter, wanted: string | undefined): { ConsumedCapacity?: ConsumedCapacity } {
  const [only] = capacities(meter, wanted).ConsumedCapacity ?? []
  return only ? { ConsumedCapacity: only } : {}
}
