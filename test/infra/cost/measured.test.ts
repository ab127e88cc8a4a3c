import { expect, test } from 'vitest'
import { publishing, storing, type TableUnits, type Use } from '../../../infra/cost/measured.ts'
import { measurePublishing, measureStoring } from '../../bench/bill-units.ts'

const rounded = ({ requests, tables }: Use) => ({
  requests: requests.toFixed(2),
  tables: Object.fromEntries(Object.entries(tables).map(([name, units]) => [name, unitsOf(units)])),
})
const unitsOf = (units: TableUnits) =>
  Object.fromEntries(Object.entries(units).map(([kind, value]) => [kind, value.toFixed(2)]))

test('process, journey and timers take what the bill says', { timeout: 60_000 }, async () => {
  const measured = await measureStoring()
  expect(rounded(measured.process)).toEqual(rounded(storing.process))
  expect(rounded(measured.journey)).toEqual(rounded(storing.journey))
  expect(rounded(measured.timers)).toEqual(rounded(storing.timers))
})

test('publish takes what the bill says, and sends as many bytes', { timeout: 60_000 }, async () => {
  const known = publishing.find(({ windowSeconds }) => windowSeconds === 30)
  const { publish, rowBytes, nullBytes } = await measurePublishing(30)
  const { identity, touchpoints, journeys } = publish.tables
  expect(publish.requests).toBeCloseTo(known?.requests ?? 0, 2)
  expect(identity.read).toBeCloseTo(known?.read.identity ?? 0, 2)
  expect(identity.indexRead).toBeCloseTo(known?.read.identityIndex ?? 0, 2)
  expect(touchpoints.read).toBeCloseTo(known?.read.touchpoints ?? 0, 2)
  expect(journeys.read).toBeCloseTo(known?.read.journeys ?? 0, 2)
  expect(Math.round(rowBytes)).toBe(known?.rowBytes)
  expect(Math.round(nullBytes)).toBe(known?.nullBytes)
})
