import { createSimulatedDynamoDB, type SimulatedDynamoDB } from './dynamodb.ts'
import type { Faults } from './faults.ts'
import { createSchedule, type Schedule } from './schedule.ts'

export const TableName = 'person'
export const Key = { pk: { S: 'p' }, sk: { S: '1' } }

export type World = { schedule: Schedule; store: SimulatedDynamoDB }

/** A schedule and a store that follows it. */
export function createWorld(seed: number, faults: Faults = {}, faultLimit = 20): World {
  const schedule = createSchedule({ seed, faults, faultLimit })
  const tables = { [TableName]: { partitionKey: 'pk', sortKey: 'sk' } }
  return { schedule, store: createSimulatedDynamoDB({ tables, admission: schedule }) }
}

export function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, seed) => seed)
}
