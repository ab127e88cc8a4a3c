import { expect, it } from 'vitest'
import { differences } from './differences.ts'

const told = (ours: (string | null)[][], theirs: (string | null)[][]) =>
  differences({ names: ['sku', 'share'], types: ['varchar', 'double'], ours, theirs })

it('doubles may differ in what is left of adding them in another order, and in nothing else', () => {
  expect(told([['a', '0.30000000000000004']], [['a', '0.3']])).toEqual([])
  expect(told([['a', '1.0E10']], [['a', '1.00000000000001E10']])).toEqual([])
  expect(told([['a', '0.3000000001']], [['a', '0.3']])).toHaveLength(1)
  expect(told([['a', '0.0']], [['a', null]])).toHaveLength(1)
  expect(told([['a', 'NaN']], [['a', '1.0']])).toHaveLength(1)
  expect(told([['0.30000000000000004', '1.0']], [['0.3', '1.0']])).toHaveLength(1)
})

it('says in which row and column, and how many rows there are', () => {
  expect(
    told(
      [
        ['a', '1.0'],
        ['b', null],
      ],
      [
        ['a', '1.0'],
        ['c', '2.0'],
      ],
    ),
  ).toEqual(['row 2, sku: here "b", in Trino "c"', 'row 2, share: here null, in Trino "2.0"'])
  expect(told([['a', '1.0']], [])).toEqual([
    '1 rows here, 0 in Trino',
    'row 1, sku: here "a", in Trino no row',
    'row 1, share: here "1.0", in Trino no row',
  ])
})
