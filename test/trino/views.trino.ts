import { beforeAll, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { lakeViews } from '../../functions/lake/views.ts'
import type { Trino } from './client.ts'
import { createLake } from './trino-lake.ts'
import { createViews, viewNames } from './views.ts'

let trino: Trino
let problems: ReadonlyMap<string, string>

beforeAll(async () => {
  trino = await createLake(inject('trino'), 'views')
  problems = await createViews(trino)
})

it('every view that is declared has a text, and the other way round', () => {
  expect(lakeViews.map(({ name }) => name).sort()).toEqual([...viewNames].sort())
})

it.each(viewNames)('%s has the columns that are declared', async (name) => {
  expect(problems.get(name)).toBeUndefined()
  const declared = lakeViews.find((view) => view.name === name)?.columns ?? []
  const columns = await describeView(name)
  const comments = new Map(declared.map((column) => [column.name, column.comment]))
  const list = columns.map(
    (one) => `    column('${one.name}', '${one.type}', '${comments.get(one.name) ?? ''}'),`,
  )
  expect(columns, `the columns of ${name} are to be declared as\n${list.join('\n')}\n`).toEqual(
    declared.map((column) => ({ name: column.name, type: column.type })),
  )
})

it('a filter on the time of touchpoints reaches the files: only those of its days are read', async () => {
  const since = '2026-10-01 00:00:00.000000'
  const columns = (await describeView('touchpoint')).map(({ name }) => name)
  // For that one the touchpoints before are looked at.
  const own = columns.filter((name) => name !== 'channel_group')
  const sql = `select ${own.join(', ')} from touchpoint where event_time >= timestamp '${since}'`
  const { rows } = await trino.query(`explain (type io, format json) ${sql}`)
  const { inputTableColumnInfos } = planSchema.parse(JSON.parse(String(rows[0]?.[0])))
  const scans = inputTableColumnInfos.filter(({ table }) => table.schemaTable.table === 'touchpoint_log')
  expect(scans.length).toBeGreaterThan(0)
  for (const { constraint } of scans)
    expect(constraint.columnConstraints).toContainEqual(
      expect.objectContaining({
        columnName: 'event_time',
        domain: {
          nullsAllowed: false,
          ranges: [{ low: { value: since, bound: 'EXACTLY' }, high: { bound: 'BELOW' } }],
        },
      }),
    )
})

const planSchema = z.object({
  inputTableColumnInfos: z.array(
    z.object({
      table: z.object({ schemaTable: z.object({ table: z.string() }) }),
      constraint: z.object({ columnConstraints: z.array(z.unknown()) }),
    }),
  ),
})

async function describeView(view: string) {
  const { rows } = await trino.query(`describe ${view}`)
  return rows.map((row) => {
    const [name, type] = z.tuple([z.string(), z.string()]).rest(z.unknown()).parse(row)
    return { name, type }
  })
}
