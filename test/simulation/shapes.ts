import type { TableShape } from './table.ts'

const keys = { partitionKey: 'pk', sortKey: 'sk' }
const byOrder = { partitionKey: 'o', projection: 'KEYS_ONLY' } as const

/** The tables of the project, as infra/stateful.ts makes them. */
export const shapes = {
  identity: { ...keys, indexes: { byNode: { partitionKey: 'n', sortKey: 'pk' } } },
  touchpoints: { ...keys, indexes: { byOrder } },
  journeys: { ...keys, indexes: { byOrder } },
  insights: { ...keys, indexes: {} },
} satisfies Record<string, TableShape>
