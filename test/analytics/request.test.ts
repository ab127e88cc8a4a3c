import { describe, expect, it } from 'vitest'
import { analyses } from '../../functions/analytics/analyses.ts'
import { runsOf } from '../../functions/analytics/request.ts'

const execution = { name: 'x1', startedAt: '2026-11-23T03:30:00.000Z' }

describe('what is asked for', () => {
  it('is all analyses of all that happened, unless it says otherwise', () => {
    const runs = runsOf({}, execution)
    expect(runs.map(({ analysis }) => analysis)).toEqual(analyses.map(({ name }) => name))
    for (const run of runs)
      expect(run).toMatchObject({
        runId: '2026-11-23T03:30:00.000Z-x1',
        from: '1970-01-01T00:00:00.000Z',
        to: '2026-11-23T03:30:00.000Z',
      })
  })

  it('is of so many days before', () => {
    const [run] = runsOf({ analyses: ['cohorts'], to: '2011-12-10T00:00:00Z', days: 365 }, execution)
    expect(run).toMatchObject({ from: '2010-12-10T00:00:00.000Z', to: '2011-12-10T00:00:00.000Z' })
  })

  it('comes once, also when it is named twice', () => {
    expect(runsOf({ analyses: ['cohorts', 'cohorts'] }, execution)).toHaveLength(1)
  })

  it.each([
    ['an unknown analysis', { analyses: ['baskets'] }, /analyses\[?\.?0.*one of transitions|one of/s],
    ['an unknown field', { analysis: ['cohorts'] }, /Unrecognized key.*analysis/],
    ['an unknown parameter', { parameters: { cohorts: { size: 3 } } }, /size/],
    ['parameters of an unknown analysis', { parameters: { baskets: {} } }, /one of/],
    ['a time that is none', { from: 'yesterday' }, /a time in UTC, such as/],
    [
      'a time before its beginning',
      { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      /after from/,
    ],
    ['both ways to say when', { from: '2026-01-02T00:00:00Z', days: 3 }, /not both/],
    ['no days', { days: 0 }, /above 0/],
    ['no analysis', { analyses: [] }, /at least one/],
  ])('is refused with %s', (_, request, message) => {
    expect(() => runsOf(request, execution)).toThrow(message)
  })
})
