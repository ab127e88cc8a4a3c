import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { campaignFiguresFound } from '../../functions/insights/found-figures.ts'
import { rulesFound } from '../../functions/insights/found-rules.ts'
import { bucketDigitsOf, segmentsFound } from '../../functions/insights/found-segments.ts'
import { insightKinds } from '../../functions/insights/kind.ts'
import type { ReadLake } from '../../functions/insights/lake.ts'
import { personBucket } from '../../functions/store/keys.ts'
import type { Engine } from '../analytics/run-analysis.ts'
import { insertText, type ResultRow } from '../insights/result-rows.ts'
import { startAthenaLake } from './athena-lake.ts'
import { athenaEngine, trinoEngine } from './engine.ts'
import { createLake } from './trino-lake.ts'

let athena: Awaited<ReturnType<typeof startAthenaLake>>
let engines: { ours: Engine; theirs: Engine }

const run_id = '2026-11-22T03:30:00.000Z-night'
const strange = ['a,b', 'c\\', '\\,', '"é"', "it's", 'new\nline', 'Z', '\u{10ffff}', '']

const rows: Readonly<Record<string, ResultRow[]>> = {
  association_rule: strange.flatMap((one, at) => [
    rule([one], ['x', ...strange.slice(0, at)], at),
    rule([one, 'zz'], [one], at, { q_value: null, scope: `store=${one}` }),
  ]),
  attribution: strange.map((dimension_value, at) => ({
    ...{ run_id, model: 'last', dimension: 'campaign', dimension_value, currency: at % 2 ? 'EUR' : null },
    ...{ conversions: at / 3, net_conversions: 0, gross_revenue: '1.2345', revenue: '-1', roas: 1e-9 },
  })),
  rfm: Array.from({ length: 450 }, (_, at) => ({
    ...{ run_id, person_id: `p${at}`, segment: at % 2 ? 'new' : 'loyal', monetary: `${at % 5}` },
  })),
  journey_path: strange.map((one, at) => ({
    ...{ run_id, path: [one, 'web', one], journeys: at, currency: at % 3 ? 'EUR' : null, value: '-0.5' },
  })),
  cohort: [{ run_id, cohort_month: '2026-02-01', first_channel: strange.join(''), month: 3, revenue: '7' }],
}

function rule(antecedent: string[], consequent: string[], at: number, more: ResultRow = {}): ResultRow {
  return {
    ...{ run_id, scope: 'all', level: 'sku', antecedent, consequent, support: 1 / 3, confidence: 0.1 },
    ...{ lift: 10 ** (at - 4), q_value: 1e-300, antecedent_count: at, ...more },
  }
}

beforeAll(async () => {
  const [lake, trino] = await Promise.all([startAthenaLake([]), createLake(inject('trino'), 'insights')])
  athena = lake
  engines = { ours: athenaEngine(lake), theirs: trinoEngine(trino) }
  for (const [table, own] of Object.entries(rows))
    for (const engine of Object.values(engines)) await engine.table(insertText(table, own))
})

afterAll(() => athena?.close())

const reading = (engine: Engine): ReadLake =>
  async function* (sql) {
    yield* await engine.table(sql)
  }

describe('what is brought of a run is the same as on Trino', () => {
  it.each([
    ['rules', rulesFound],
    ['figures of campaigns', campaignFiguresFound],
    ['segments', (id: string, read: ReadLake) => segmentsFound(id, 1, read)],
    ['segments in one bucket', (id: string, read: ReadLake) => segmentsFound(id, 0, read)],
  ])('%s', async (_, find) => {
    const [ours, theirs] = await Promise.all(
      [engines.ours, engines.theirs].map((engine) => Array.fromAsync(find(run_id, reading(engine)))),
    )
    expect(ours).toEqual(theirs)
    expect(theirs?.length).toBeGreaterThan(0)
  })

  it('persons are in the bucket in which they are looked for', async () => {
    const read = reading(engines.theirs)
    const digits = await bucketDigitsOf(run_id, read)
    expect(digits).toBe(1)
    const parts = await Array.fromAsync(segmentsFound(run_id, digits, read))
    const persons = parts.flatMap(({ key, content }) =>
      Object.keys(content).map((person) => [key.pk, `S#${run_id}#${personBucket(person, digits)}`]),
    )
    expect(persons).toHaveLength(450)
    for (const [found, expected] of persons) expect(found).toBe(expected)
  })
})

it.each([
  ['associations', {}, 18],
  ['associations', { item: "it's" }, 2],
  ['associations', { scope: 'store=c\\' }, 1],
  ['attribution', { dimensionValue: 'new\nline' }, 1],
  ['attribution', { currency: '' }, 5],
  ['paths', { sort: '-value' }, 9],
  ['segments', { segment: 'new' }, 225],
  ['cohorts', { firstChannel: strange.join('') }, 1],
])('of %s with %j Trino finds %i', async (name, asked, count) => {
  const kind = insightKinds.find((one) => one.name === name)
  expect(await engines.theirs.table(kind?.textOf(run_id, asked) ?? '')).toHaveLength(count)
})

describe.each(insightKinds)('what is shown of $name is the same as on Trino', (kind) => {
  const texts = kind.columns.filter(({ type }) => type === 'string')
  const sorts = kind.columns.filter(({ type }) => typeof type === 'string')
  it.each([
    {},
    ...(kind.name === 'associations' ? strange.map((item) => ({ item })) : []),
    ...texts.flatMap(({ name }) => strange.map((value) => ({ [name]: value }))),
    ...sorts.flatMap(({ name }) => [{ sort: name }, { sort: `-${name}` }]),
  ])('%j', async (asked) => {
    const sql = kind.textOf(run_id, asked)
    const [ours, theirs] = await Promise.all([engines.ours.table(sql), engines.theirs.table(sql)])
    expect(ours.map(shown)).toEqual(theirs.map(shown))
  })
})

/** In the order of the columns, whatever an engine calls those without a name; doubles as numbers. */
const shown = (row: Readonly<Record<string, string | null>>) =>
  Object.values(row).map((text) =>
    text !== null && /^-?\d+\.\d+(E-?\d+)?$/.test(text) ? Number(text) : text,
  )
