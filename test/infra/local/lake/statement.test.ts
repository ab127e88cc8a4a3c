import { describe, expect, it } from 'vitest'
import { QueryFailure } from '../../../../infra/local/lake/sql/query-failure.ts'
import { readStatement } from '../../../../infra/local/lake/sql/statement.ts'

function read(sql: string, parameters: string[] = []) {
  const statement = readStatement(sql, parameters)
  if (statement.kind === 'metadata') throw new Error('no SQL for DuckDB')
  return statement.run
}

it.each([
  ['select 1', 'select 1'],
  ['select 1 ; -- done', 'select 1 ; -- done'],
  [
    'select cast(x as array(row(a varchar(9), "B c" decimal(9))))',
    'select cast(x as struct("a" varchar, "B c" decimal(9, 0))[])',
  ],
  [
    'select try_cast(x as timestamp(6)), cast(y as timestamp)',
    'select try_cast(x as timestamp), cast(y as timestamp_ms)',
  ],
  [
    'select cast(cast(x as bigint) as map(varchar, double))',
    'select cast(cast(x as bigint) as map(varchar, double))',
  ],
  ['select a from t cross join unnest(l) as u(a)', 'select a from t cross join unnest(l) as u(a)'],
  [
    'select a from t cross join unnest(l) as u(a, b)',
    'select a from t cross join lateral (select unnest(l, max_depth := 2)) as u(a, b)',
  ],
  [
    'select a from t cross join unnest(l)',
    'select a from t cross join lateral (select unnest(l, max_depth := 2))',
  ],
  [
    'select a from t, unnest(l) where true',
    'select a from t, lateral (select unnest(l, max_depth := 2)) where true',
  ],
  [
    'select a from unnest(x, y) as u(a, b)',
    'select a from lateral (select unnest(x), unnest( y)) as u(a, b)',
  ],
  [
    'select filter(l, x -> x > 1), count(*) filter (where a)',
    'select list_filter(l, x -> x > 1), count(*) filter (where a)',
  ],
  [
    'select any_match(l, x -> any_match(m, y -> y = x))',
    'select any_of(list_transform(l, x -> any_of(list_transform(m, y -> y = x))))',
  ],
  ['select "LOWER"(a), max_by(a, b)', 'select "LOWER"(a), arg_max_null(a, b)'],
  [
    'with a(x) as (select 1), b (y) as (select 2) select * from a',
    'with a(x) as (select 1), b (y) as (select 2) select * from a',
  ],
  [
    'select at, t.At, cast(default as row(at bigint)) from t',
    'select "at", t."At", cast("default" as struct("at" bigint)) from t',
  ],
  ['values 1, (2), row(3)', 'values (1), (2), (3)'],
  ['select cast(lower(a) as varchar(3)) b', 'select system.main."left"(cast(lower(a) as varchar), 3) b'],
  ['values at, filter(l, x -> x)', 'values ("at"), (list_filter(l, x -> x))'],
  [
    `select decimal '1.00005', decimal '-007', decimal '.5'`,
    `select cast('1.00005' as decimal(6, 5)), cast('-007' as decimal(1, 0)), cast('.5' as decimal(1, 1))`,
  ],
  ['insert into d.t (a, b) select 1, 2', 'insert into d.t (a, b) select 1, 2'],
  ['insert into t (select filter(l, x -> x) from u)', 'insert into t (select list_filter(l, x -> x) from u)'],
  [
    `select 'it''s -- cast(x as varchar(1))', "unnest(x)" /* ? */`,
    `select 'it''s -- cast(x as varchar(1))', "unnest(x)" /* ? */`,
  ],
])('puts %s into words of DuckDB', (sql, expected) => {
  expect(read(sql).sql).toBe(expected)
})

describe('places', () => {
  it.each([
    ["select 'äöü😀', nope from t", 'nope'],
    ['select cast(a as array(varchar(10))), nope', 'nope'],
    ['select filter(a, x -> true), any_match(b, x -> false), nope', 'nope'],
    ['select ?, nope from t where a = ?', 'nope'],
    ['explain select a,\n\n  nope from t', 'nope'],
    ['delete from t where nope = 1', 'nope'],
  ])('in %j are found again', (sql, word) => {
    const count = sql.split('?').length - 1
    const { sql: run, placeOf } = read(sql, Array(count).fill("'ü?'"))
    const byte = Buffer.from(run.slice(0, run.indexOf(word))).length
    expect(placeOf(byte)).toBe(sql.indexOf(word))
  })

  it('are lines and columns from 1', () => {
    const failure = new QueryFailure('CODE', 'wrong', { sql: 'a\nbc d', at: 5 })
    expect(failure.message).toBe('CODE: line 2:4: wrong')
  })
})

it.each([
  ['(', 'values '.padEnd(200_000, '(')],
  ['long names', `select ${'a.'.repeat(60_000)}b(1)`],
  ['long lists', `values ${'1,'.repeat(60_000)}1`],
  ['unfinished text', `select '${'x'.repeat(200_000)}`],
  ['unfinished comments', `select /* ${'*'.repeat(200_000)}`],
  ['many casts', `select ${'cast('.repeat(20_000)}`],
])('is not held up by %s', (_, sql) => {
  const startedMs = performance.now()
  try {
    readStatement(sql, [])
  } catch (error) {
    expect(error).toBeInstanceOf(QueryFailure)
  }
  expect(performance.now() - startedMs).toBeLessThan(2_000)
})
