import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { associations, createAssociations } from '../../functions/analytics/associations/analysis.ts'
import { upperTail } from '../../functions/analytics/associations/hypergeometric.ts'
import { work } from '../../functions/analytics/associations/tables.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { type Basket, basketRows } from './associations-baskets.ts'
import { correct } from './associations-miner.ts'
import { type Asked, runAnalysis } from './run-analysis.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
}, 60_000)
afterAll(() => lake.close())

async function find(baskets: readonly Basket[], asked: Asked = {}, analysis = associations) {
  await lake.hold(basketRows(baskets))
  return { ...(await runAnalysis(lake, analysis, asked)), ...(await found()) }
}

const found = async () => ({
  sets: await lake.table('select * from latest_frequent_itemset order by scope, level, size, items'),
  rules: await lake.table(
    'select * from latest_association_rule order by scope, level, antecedent, consequent',
  ),
})

const ruleNames = (rules: Awaited<ReturnType<typeof found>>['rules']) =>
  rules.map(({ scope, antecedent, consequent }) => `${scope} ${antecedent} => ${consequent}`)

const skusOfAll = { parameters: { levels: ['sku'], scopes: ['all'], minSupport: 1, minConfidence: 0 } }

describe('association rules', () => {
  it('have the measures of the contract', async () => {
    const { rules } = await find(
      [
        { items: ['a', 'b'] },
        { items: ['a', 'b', 'b'] },
        { items: ['a'] },
        { items: ['b'] },
        { items: ['c'] },
      ],
      skusOfAll,
    )
    expect(rules).toHaveLength(2)
    const [{ run_id: _, ...rule } = {}] = rules
    expect(rule).toEqual({
      scope: 'all',
      level: 'sku',
      antecedent: '[a]',
      consequent: '[b]',
      antecedent_count: '3',
      consequent_count: '3',
      rule_count: '2',
      basket_count: '5',
      support: '0.4',
      confidence: String(2 / 3),
      lift: String(10 / 9),
      leverage: '0.04',
      conviction: String(6 / 5),
      p_value: String(upperTail({ hits: 2, drawn: 3, marked: 3, population: 5 })),
      q_value: String(upperTail({ hits: 2, drawn: 3, marked: 3, population: 5 })),
    })
  })

  it('count what is left of an order, each item once, also of nobody', async () => {
    const [a, b] = [
      { sku: 'a1', productId: 'a' },
      { sku: 'b1', productId: 'b' },
    ]
    const { sets } = await find(
      [{ items: [a, a, { ...b, quantity: -1 }] }, { items: [a, b] }, { items: ['c1'] }],
      {
        parameters: { ...skusOfAll.parameters, levels: ['product'] },
      },
    )
    expect(
      sets.map(({ items, itemset_count, basket_count }) => [items, itemset_count, basket_count]),
    ).toEqual([
      ['[a]', '2', '2'],
      ['[b]', '1', '2'],
      ['[a, b]', '1', '2'],
    ])
  })

  it('are found in each scope and level by themselves', async () => {
    const lamp = { sku: 'l1', productId: 'L', category: 'Home/Light', brand: 'Lux' }
    const bulb = { sku: 'b1', productId: 'B', category: 'Home/Bulbs', brand: 'Lux' }
    const { sets, rules } = await find(
      [
        { items: [lamp, bulb], channel: 'store', store: 'S1' },
        { items: [lamp], channel: 'store', store: 'S2' },
        { items: [bulb] },
      ],
      { parameters: { minSupport: 1, minConfidence: 0 } },
    )
    const counts = sets
      .filter(({ size }) => size === '2')
      .map(({ scope, level, items, basket_count }) => [scope, level, items, basket_count])
    expect(counts).toEqual(
      [
        ['all', '3'],
        ['channel=store', '2'],
        ['store=S1', '1'],
      ].flatMap(([scope, baskets]) => [
        [scope, 'category', '[Home/Bulbs, Home/Light]', baskets],
        [scope, 'product', '[B, L]', baskets],
        [scope, 'sku', '[b1, l1]', baskets],
      ]),
    )
    expect(sets.filter(({ level, scope }) => level === 'brand' && scope === 'all')).toMatchObject([
      { items: '[Lux]', itemset_count: '3', support: '1.0' },
    ])
    expect(new Set(rules.map(({ scope }) => scope))).toEqual(new Set(['all', 'channel=store', 'store=S1']))
  })

  it('take orders from the beginning to before the end of the time asked for', async () => {
    const times = ['2026-03-01T00:00:00.000Z', '2026-03-02T23:59:59.999Z', '2026-03-03T00:00:00.000Z']
    const baskets = ['2026-02-28T23:59:59.999Z', ...times].map((time, at) => ({ items: [`i${at}`], time }))
    const { sets } = await find(baskets, {
      ...skusOfAll,
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-03-03T00:00:00.000Z',
    })
    expect(sets.map(({ items }) => items)).toEqual(['[i1]', '[i2]'])
  })

  it('leave out what has little confidence only after q was computed over all', async () => {
    const baskets = [...Array(8).fill({ items: ['a', 'b'] }), { items: ['c', 'd'] }, { items: ['b', 'd'] }]
    const { rules: all } = await find(baskets, skusOfAll)
    const { rules: sure } = await find(baskets, {
      parameters: { ...skusOfAll.parameters, minConfidence: 0.9 },
    })
    expect(ruleNames(sure)).toEqual(['all [a] => [b]', 'all [c] => [d]'])
    const q = correct(all.map(({ p_value }) => Number(p_value)))
    expect(all.map(({ q_value }) => Number(q_value))).toEqual(q.map((value) => expect.closeTo(value, 14)))
    expect(sure.map(({ q_value }) => q_value)).toEqual(
      sure.map(
        ({ antecedent, consequent }) =>
          all.find((rule) => rule.antecedent === antecedent && rule.consequent === consequent)?.q_value,
      ),
    )
  })

  it('are the same rows when found again', async () => {
    const baskets = [...'abcdefgh'].flatMap((one, at) => [
      { items: [one, 'x', `i${at % 3}`], channel: 'store', store: `S${at % 2}` },
      { items: [one, 'y', `i${at % 2}`, 'x'] },
    ])
    const withoutRun = (rows: readonly object[]) => rows.map((row) => ({ ...row, run_id: '' }))
    const parameters = { levels: ['sku'], minSupport: 1, maxConsequent: 2 }
    const first = await find(baskets, { parameters, runId: '1' })
    await runAnalysis(lake, associations, { parameters, runId: '2' })
    const second = await found()
    expect(second.rules[0]?.run_id).toBe('2')
    expect(withoutRun(second.rules)).toEqual(withoutRun(first.rules))
    expect(withoutRun(second.sets)).toEqual(withoutRun(first.sets))
  }, 30_000)

  it('leave nothing behind but their results', async () => {
    await find([{ items: ['a', 'b'] }], skusOfAll)
    for (const { name } of work) expect(await lake.rows(`select * from ${name}`)).toEqual([])
  })

  it('take a share as at least that share of the scope, and at least minCount baskets', async () => {
    const baskets = [
      ...Array(7).fill({ items: ['a'] }),
      ...Array(6).fill({ items: ['b'] }),
      ...Array(87).fill({ items: ['c'] }),
    ]
    const parameters = { levels: ['sku'], scopes: ['all'], minSupport: 0.07 }
    expect((await find(baskets, { parameters })).sets.map(({ items }) => items)).toEqual(['[a]', '[c]'])
    const more = { parameters: { ...parameters, minCount: 8 } }
    expect((await find(baskets, more)).sets.map(({ items }) => items)).toEqual(['[c]'])
  })
})

describe('what gives no rules', () => {
  it('is said where there are no orders', async () => {
    const { ending, said, sets } = await find([])
    expect(ending).toEqual({ status: 'succeeded', reason: null })
    expect(said.at(-1)).toMatch(/^There are no orders with such items/)
    expect(sets).toEqual([])
  })

  it('is one basket at a share, and all of its rules are certain at a count of 1', async () => {
    expect((await find([{ items: ['a', 'b'] }])).sets).toEqual([])
    const { rules } = await find([{ items: ['a', 'b'] }], skusOfAll)
    expect(rules).toMatchObject([
      { confidence: '1.0', lift: '1.0', leverage: '0.0', conviction: null, p_value: '1.0', q_value: '1.0' },
      { confidence: '1.0' },
    ])
  })

  it('shows nothing by chance where every basket is the same, or an item is in all', async () => {
    const same = await find(Array(5).fill({ items: ['a', 'b', 'c'] }), skusOfAll)
    expect(same.rules).toHaveLength(12 - 3)
    expect(new Set(same.rules.map(({ p_value, lift }) => `${p_value} ${lift}`))).toEqual(new Set(['1.0 1.0']))
    const inAll = await find([{ items: ['a', 'b'] }, { items: ['a', 'c'] }, { items: ['a'] }], skusOfAll)
    expect(new Set(inAll.rules.map(({ p_value }) => p_value))).toEqual(new Set(['1.0']))
  })
})

describe('what is refused', () => {
  it.each([
    [{ minSupport: 0 }, /share of the baskets, above 0 and below 1, or their number/],
    [{ minSupport: 1.5 }, /share of the baskets/],
    [{ minSupport: -0.1 }, /share of the baskets/],
    [{ levels: ['colour'] }, /a level is one of sku, product, category, brand/],
    [{ levels: [] }, /levels names at least one/],
    [{ scopes: ['region'] }, /a scope is all, channel/],
    [{ scopes: ['channel=tv'] }, /channel=… with one of store, web/],
    [{ scopes: ['store='] }, /a scope is/],
    [{ minConfidence: 2 }, /share from 0 to 1/],
    [{ maxLength: 1 }, /maxLength is a whole number from 2/],
    [{ maxLength: 2, maxConsequent: 2 }, /maxConsequent is less than maxLength/],
    [{ maxLenght: 2 }, /maxLenght/],
  ])('%j says what would do', (parameters, message) => {
    expect(() => associations.parameters.parse(parameters)).toThrow(message)
  })

  it('is a store without baskets, with those that have some', async () => {
    const { ending } = await find([{ items: ['a'], channel: 'store', store: 'S1' }], {
      parameters: { scopes: ['store=S9'] },
    })
    expect(ending).toEqual({
      status: 'refused',
      reason: 'there is no basket in store=S9; there are some in channel=store, store=S1',
    })
    for (const { name } of work) expect(await lake.rows(`select * from ${name}`)).toEqual([])
  })

  const letters = [...'abcdefgh']
  const baskets = [
    ...Array(10).fill({ items: letters }),
    ...Array(10).fill({ items: letters.slice(0, 4) }),
    ...Array(80).fill({ items: ['x'] }),
  ]

  it.each([
    [0.02, 300, 'minSupport 0.15'],
    [2, 300, 'minSupport 15'],
    [0.02, 500, 'minSupport 0.15 or maxLength 2'],
  ])(
    'is a support of %s that makes more than %i candidates, with one that does not',
    async (minSupport, candidates, advice) => {
      const few = createAssociations({ candidates, rules: 1_000 })
      const parameters = { levels: ['sku'], scopes: ['all'], minSupport }
      const { ending } = await find(baskets, { parameters }, few)
      expect(ending.status).toBe('refused')
      expect(ending.reason).toMatch(new RegExp(`; use ${advice}$`))
      const again = {
        parameters: {
          ...parameters,
          minSupport: Number(/minSupport (\S+)( or.*)?$/.exec(ending.reason ?? '')?.[1]),
        },
      }
      expect((await find(baskets, again, few)).ending.status).toBe('succeeded')
    },
  )

  it('is a support that makes too many rules, with one that does not', async () => {
    const few = createAssociations({ candidates: 10_000, rules: 100 })
    const parameters = { levels: ['sku'], scopes: ['all'], minSupport: 0.05 }
    const { ending } = await find(baskets, { parameters }, few)
    expect(ending).toEqual({
      status: 'refused',
      reason: 'minSupport 0.05 would make 784 rules, more than 100; use minSupport 0.15',
    })
    const { ending: second } = await find(baskets, { parameters: { ...parameters, minSupport: 0.15 } }, few)
    expect(second.status).toBe('succeeded')
  })
})
