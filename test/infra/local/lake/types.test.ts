import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Lake, type Place, startLake, startPlace } from './local-lake.ts'

let place: Place
let lake: Lake

beforeAll(async () => {
  place = await startPlace()
  lake = await startLake(place)
})

afterAll(async () => {
  await lake.close()
  await place.close()
})

const nothing = {
  text: null,
  flag: null,
  small: null,
  large: null,
  single: null,
  real_number: null,
  money: null,
  at: null,
  day: null,
  texts: null,
  lines: null,
}

it('prints every type as Athena does, at its limits', async () => {
  const largest =
    '{"text":"ä\\"😀,\\n","flag":true,"small":2147483647,"large":9223372036854775807,"single":1.1,"real_number":1e21,"money":12345678901234.5678,"at":253402300799999999,"day":"9999-12-31","texts":["a",null,"b, c"],"lines":[{"sku":"S","price":"0.5","at":1795338900000001},null,{"sku":null,"price":-7,"at":null}]}'
  const smallest =
    '{"text":"","flag":false,"small":-2147483648,"large":-9223372036854775808,"single":-0.25,"real_number":-0.00012,"money":"-0.0001","at":-62135596800000000,"day":-719162,"texts":[],"lines":[]}'
  await lake.put([largest, smallest, nothing])
  const { rows, columns } = await lake.query('select * from every_type order by small')
  expect(rows).toEqual([
    [
      '',
      'false',
      '-2147483648',
      '-9223372036854775808',
      '-0.25',
      '-1.2E-4',
      '-0.0001',
      '0001-01-01 00:00:00.000000',
      '0001-01-01',
      '[]',
      '[]',
    ],
    [
      'ä"😀,\n',
      'true',
      '2147483647',
      '9223372036854775807',
      '1.1',
      '1.0E21',
      '12345678901234.5678',
      '9999-12-31 23:59:59.999999',
      '9999-12-31',
      '[a, null, b, c]',
      '[{sku=S, price=0.5000, at=2026-11-22 09:15:00.000001}, null, {sku=null, price=-7.0000, at=null}]',
    ],
    Object.values(nothing),
  ])
  expect(columns.map(({ Name, Type, Precision, Scale }) => [Name, Type, Precision, Scale])).toEqual([
    ['text', 'varchar', 2147483647, 0],
    ['flag', 'boolean', 0, 0],
    ['small', 'integer', 10, 0],
    ['large', 'bigint', 19, 0],
    ['single', 'float', 17, 0],
    ['real_number', 'double', 17, 0],
    ['money', 'decimal', 18, 4],
    ['at', 'timestamp', 3, 0],
    ['day', 'date', 0, 0],
    ['texts', 'array', 0, 0],
    ['lines', 'array', 0, 0],
  ])
})

it.each([
  ['1e0', '1.0', 'double'],
  ['1e7', '1.0E7', 'double'],
  ['9999999e0', '9999999.0', 'double'],
  ['0.001e0', '0.001', 'double'],
  ['0.00099e0', '9.9E-4', 'double'],
  ['nan()', 'NaN', 'double'],
  ['-infinity()', '-Infinity', 'double'],
  ['sum(9)', '9', 'bigint'],
  ['sum(1.25)', '1.25', 'decimal'],
  ["timestamp '2026-11-22 09:15:00'", '2026-11-22 09:15:00.000000', 'timestamp'],
  ["cast('2026-11-22 09:15:00.1239' as timestamp)", '2026-11-22 09:15:00.124', 'timestamp'],
  [
    "from_iso8601_timestamp('2026-11-22T10:15:00+01:00')",
    '2026-11-22 09:15:00.000 UTC',
    'timestamp with time zone',
  ],
  [
    "cast(row('ads', 1.5) as row(purpose varchar(10), share decimal(9,2)))",
    '{purpose=ads, share=1.50}',
    'row',
  ],
  ["map(array['a', 'b'], array[1e0, null])", '{a=1.0, b=null}', 'map'],
  ["to_utf8('hi')", '68 69', 'varbinary'],
  ["interval '36' hour", '1 12:00:00.000', 'interval day to second'],
  ['cast(null as array(row(a varchar)))', null, 'array'],
])('shows %s as %s', async (expression, text, type) => {
  const { rows, columns } = await lake.query(`select ${expression}`)
  expect([rows[0]?.[0], columns[0]?.Type, columns[0]?.Name]).toEqual([text, type, '_col0'])
})

it('writes the result to S3 with every value in quotes, and null as nothing', async () => {
  const { execution } = await lake.query(`select 1 as a, 'x "y"' as "b c", null as n, '' as empty`)
  const location = execution.ResultConfiguration?.OutputLocation ?? ''
  expect(location).toBe(`s3://test-lake/results/${execution.QueryExecutionId}.csv`)
  const text = await place.text(location.replace('s3://test-lake/', ''))
  expect(text).toBe('"a","b c","n","empty"\n"1","x ""y""",,""\n')
})
