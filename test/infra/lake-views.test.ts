import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { analysisViews } from '../../functions/analytics/views.ts'
import { createModel } from '../../functions/journey/model.ts'
import { retailDefinition } from '../../functions/journey/retail.ts'
import { namedQueries } from '../../functions/lake/queries.ts'
import { viewText } from '../../functions/lake/view-text.ts'
import { lakeViews } from '../../functions/lake/views.ts'
import { synthesize } from './synthesized.ts'

const columnSchema = z.object({
  Name: z.string(),
  Type: z.string(),
  // What Glue takes.
  Comment: z.string().regex(/^[ -~]{1,255}$/),
})
const viewSchema = z.object({
  DatabaseName: z.unknown(),
  TableInput: z.object({
    Name: z.string(),
    TableType: z.literal('VIRTUAL_VIEW'),
    Parameters: z.object({ presto_view: z.literal('true') }),
    StorageDescriptor: z.object({ Columns: z.array(columnSchema) }),
    ViewOriginalText: z.string().max(400_000),
  }),
})
const definitionSchema = z.object({
  originalSql: z.string(),
  catalog: z.literal('awsdatacatalog'),
  schema: z.literal('omnijourney_trial'),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
})

const { analysis, operations } = synthesize()
const views = Object.values(analysis.findResources('AWS::Glue::Table')).map(({ Properties }) => {
  const { TableInput } = viewSchema.parse(Properties)
  const [, base64 = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(TableInput.ViewOriginalText) ?? []
  const definition = definitionSchema.parse(JSON.parse(Buffer.from(base64, 'base64').toString()))
  return { name: TableInput.Name, columns: TableInput.StorageDescriptor.Columns, definition }
})

describe('the views of the lake', () => {
  it('are one for each text, and those of analyses', () => {
    const files = readdirSync(join(import.meta.dirname, '..', '..', 'functions', 'lake', 'views'))
    expect(lakeViews.map(({ name }) => `${name}.sql`).sort()).toEqual(files.sort())
    const all = [...lakeViews, ...analysisViews]
    expect(views.map(({ name }) => name).sort()).toEqual(all.map(({ name }) => name).sort())
  })

  it('have the same columns for Glue and for Athena', () => {
    for (const { columns, definition } of views)
      expect(columns.map(({ Name }) => Name)).toEqual(definition.columns.map(({ name }) => name))
    const [journey] = views.filter(({ name }) => name === 'journey')
    const types = new Map(journey?.columns.map(({ Name, Type }) => [Name, Type]))
    expect(['channels', 'value', 'started_at', 'touchpoint_count'].map((name) => types.get(name))).toEqual([
      ...['array<string>', 'decimal(18,4)', 'timestamp', 'bigint'],
    ])
  })

  it('have what the retailer decides in their texts, and nothing left to be put in', () => {
    for (const { definition } of views) expect(definition.originalSql).not.toMatch(/\{\{/)
    const model = createModel({ ...retailDefinition, abandonedAfterDays: 7, converts: 'purchase' })
    const text = viewText('journey', { model, currency: 'GBP' })
    expect(text).toContain("> 7 * bigint '86400000'")
  })

  it('are named as the contract names them', () => {
    expect(lakeViews.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        ...['touchpoint', 'sales_order', 'order_line', 'journey', 'journey_step', 'customer', 'product'],
        ...['consent', 'person_history', 'campaign', 'campaign_cost'],
      ]),
    )
  })
})

it('questions are saved, each with what it means', () => {
  const files = readdirSync(join(import.meta.dirname, '..', '..', 'functions', 'lake', 'queries'))
  expect(namedQueries.map(({ name }) => `${name}.sql`).sort()).toEqual(files.sort())
  for (const { sql, description } of namedQueries) {
    expect(sql).toMatch(/^-- /)
    operations.hasResourceProperties('AWS::Athena::NamedQuery', {
      Description: description,
      Database: 'omnijourney_trial',
      WorkGroup: 'omnijourney-trial',
    })
  }
})
