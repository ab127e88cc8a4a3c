import { describe, expect, test } from 'vitest'
import { routingQuery } from '../../functions/lake/routing.ts'
import { lakeTables } from '../../functions/lake/tables.ts'

describe('where a row goes', () => {
  test('is told by the column that only its table has', () => {
    const tables = [
      { name: 'order_log', toldBy: 'order_id' },
      { name: 'visit_log', toldBy: 'visit_id' },
    ]
    expect(routingQuery('shop', tables)).toBe(
      '{destinationDatabaseName: "shop", destinationTableName: (if has("order_id") then "order_log" ' +
        'elif has("visit_id") then "visit_log" else null end), operation: "insert"}',
    )
  })

  test.each(lakeTables.map((table) => [table.name, table] as const))(
    '%s has its column, and no other table has',
    (_, { name, toldBy }) => {
      const having = lakeTables.filter(({ fields }) => fields.some((field) => field.name === toldBy))
      expect(having.map((table) => table.name)).toEqual([name])
    },
  )

  test('fits into a parameter of Firehose', () => {
    expect(routingQuery('omnijourney_abcdefghijklmnopqrst', lakeTables).length).toBeLessThanOrEqual(5120)
  })
})
