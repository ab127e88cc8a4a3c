import { describe, expect, test } from 'vitest'
import { apartOf } from '../../../infra/cost/apart.ts'
import { parseArguments } from '../../../infra/cost/arguments.ts'
import { billOf } from '../../../infra/cost/bill.ts'
import { dollarsOf, eventsOf, totalOf } from '../../../infra/cost/line.ts'
import { asBuilt, type Demand, publishingIn, waitOf } from '../../../infra/cost/load.ts'
import { publishing } from '../../../infra/cost/measured.ts'
import { reportOf } from '../../../infra/cost/report.ts'
import { savingsOf } from '../../../infra/cost/savings.ts'
import { profiles } from '../../../infra/profiles.ts'

const demand = (some: Partial<Demand> = {}): Demand => ({
  eventsPerSecond: 100,
  scale: profiles.small,
  build: asBuilt,
  ...some,
})
const line = (what: string, of: Demand) => {
  const found = billOf(of).find((one) => one.what === what)
  if (!found) throw new Error(`the bill has no line ${what}`)
  return found
}

describe('the bill', () => {
  test('of a shard is that of its hours, whatever comes', () => {
    for (const eventsPerSecond of [1, 100])
      expect(dollarsOf(line('Kinesis, shards', demand({ eventsPerSecond })))).toBeCloseTo(10.8)
  })

  test('of puts is that of the events: 259.2 million at 100 a second', () => {
    expect(line('Kinesis, puts of up to 25 KB', demand()).quantity).toBeCloseTo(259.2)
  })

  test('of provisioned tables does not fall with the load below what is bought', () => {
    const [small, none] = [demand(), demand({ eventsPerSecond: 1 })]
    expect(line('DynamoDB, writes', none).quantity).toBe(line('DynamoDB, writes', small).quantity)
  })

  test('of tables on demand is in proportion to the events', () => {
    const writes = (eventsPerSecond: number) =>
      line('DynamoDB, writes', demand({ eventsPerSecond, scale: profiles.trial })).quantity
    expect(writes(200)).toBeCloseTo(2 * writes(100))
  })

  test('has its lines add up, in all and in the report', () => {
    const total = billOf(demand()).reduce((sum, one) => sum + dollarsOf(one), 0)
    expect(totalOf(billOf(demand()))).toBe(total)
    const told = reportOf(demand()).find((text) => text.trimStart().startsWith('in all'))
    expect(told).toContain(total.toFixed(2))
    expect(told).toContain(((total * 1e6) / eventsOf(demand())).toFixed(4))
  })
})

describe('publish', () => {
  test('waits its time where little comes, and less where a batch is full before', () => {
    expect(waitOf(demand({ eventsPerSecond: 1 }), 'journeys')).toBe(300)
    // 6 MB are full before 10,000 records are there.
    expect(waitOf(demand(), 'journeys')).toBeCloseTo(6e6 / 2170 / 110.1)
    const build = { ...asBuilt, recordsTogether: 1_000 }
    expect(waitOf(demand({ build }), 'journeys')).toBeCloseTo(1000 / 110.1)
  })

  test('is as it was measured at a window that was, and between two of them between', () => {
    for (const use of publishing) expect(publishingIn(use.windowSeconds)).toEqual(use)
    const { rowBytes } = publishingIn(20)
    expect(rowBytes).toBeLessThan(publishingIn(10).rowBytes)
    expect(rowBytes).toBeGreaterThan(publishingIn(30).rowBytes)
  })
})

test('a saving is what the bill is less with it', () => {
  const traced = demand({ build: { ...asBuilt, tracedStreams: true } })
  const saving = savingsOf(demand()).find(({ what }) => what.startsWith('calls by streams are traced'))
  expect(saving?.dollars).toBeCloseTo(totalOf(billOf(demand())) - totalOf(billOf(traced)))
  expect(saving?.dollars).toBeCloseTo(-dollarsOf(line('X-Ray, traces', traced)))
})

test('storage is counted apart, with the recovery that every table has', () => {
  const [tables] = apartOf(demand())
  expect(tables?.price).toBeCloseTo(0.45)
})

test.each([
  [['--events-per-second', 'many'], '--events-per-second takes a number'],
  [['--events-per-second', '0'], '--events-per-second takes a number'],
  [['--profile', 'huge'], 'there is no profile huge'],
  [['--profil', 'small'], "Unknown option '--profil'"],
])('%j is refused with what would be right', (given, message) => {
  expect(() => parseArguments(given)).toThrow(message)
})
