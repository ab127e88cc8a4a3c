import type { Table } from '../catalog.ts'
import type { CheckRow } from './check-row.ts'
import type { createFailedRecords, FailedRecord } from './failed-records.ts'
import type { createInsert, Row } from './insert.ts'
import { type ReadRecord, readRecord, Undeliverable } from './record.ts'
import type { Route } from './routing.ts'

/** @returns whether they were taken; false: send them again later */
export type Deliver = (records: readonly Buffer[]) => Promise<boolean>

export interface DeliverDeps {
  route: Route
  checks: ReadonlyMap<Table, CheckRow>
  rows: ReturnType<typeof createInsert>
  putFailed: ReturnType<typeof createFailedRecords>
}

/** Each record into its table, or with a reason to those that failed; none stops another. */
export function createDeliver({ route, checks, rows, putFailed }: DeliverDeps): Deliver {
  return async (records) => {
    if (rows.isFull()) return false
    const arrivedAt = new Date()
    const { fitting, failed } = sort(records, route, checks)
    if (failed.length > 0) await putFailed(failed, arrivedAt)
    try {
      await rows.insert(fitting)
      return true
    } catch (error) {
      console.error(error)
      return false
    }
  }
}

function sort(records: readonly Buffer[], route: Route, checks: ReadonlyMap<Table, CheckRow>) {
  const failed: FailedRecord[] = []
  const fitting: Row[] = []
  const read: { bytes: Buffer; record: ReadRecord }[] = []
  for (const bytes of records) {
    const record = readRecord(bytes)
    if (record instanceof Undeliverable) failed.push({ bytes, table: null, reason: record })
    else read.push({ bytes, record })
  }
  const destinations = route(read.map(({ record }) => record.text))
  for (const [at, { bytes, record }] of read.entries()) {
    const table = destinations[at]
    if (table instanceof Undeliverable) failed.push({ bytes, table: null, reason: table })
    const values = table instanceof Undeliverable ? undefined : table && checks.get(table)?.(record.value)
    if (!table || table instanceof Undeliverable || !values) continue
    if (values instanceof Undeliverable) failed.push({ bytes, table, reason: values })
    else fitting.push({ table, values })
  }
  return { fitting, failed }
}
