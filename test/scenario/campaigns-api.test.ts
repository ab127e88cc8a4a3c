import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { lakeRows } from '../../infra/repair/lake-rows.ts'
import { openPlaces, type Places } from '../../infra/repair/places.ts'
import { startSystem } from './local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>
let places: Places

beforeAll(async () => {
  system = await startSystem()
  const here = join(system.directory, 'endpoints.json')
  places = await openPlaces({ profile: undefined, region: undefined }, here)
})

afterAll(() => system.close())

const url = (path: string) => `${system.endpoints.api}/v1/campaigns${path}`

async function call(path: string, body?: unknown) {
  const init = body === undefined ? {} : { method: 'PUT', body: JSON.stringify(body) }
  const response = await fetch(url(path), init)
  const json: unknown = await response.json()
  return { status: response.status, json }
}

const xmas = {
  ...{ name: 'Christmas', channel: 'email', startsOn: '2026-12-01', endsOn: '2026-12-24', currency: 'EUR' },
  costs: [
    { day: '2026-12-01', amount: 100.5 },
    { day: '2026-12-02', amount: 0 },
  ],
  targets: { conversions: 50, revenue: 5_000, roas: 12.5 },
  holdoutShare: 0.1,
}

describe('campaigns', () => {
  it('are kept as they are put, and are in the lake with their costs, the latest version of each', async () => {
    expect(await call('/xmas-26')).toMatchObject({ status: 404 })
    expect(await call('/xmas-26', { ...xmas, name: 'Xmas' })).toMatchObject({ status: 200 })
    const expected = { status: 200, json: { campaignId: 'xmas-26', ...xmas } }
    expect(await call('/xmas-26', xmas)).toEqual(expected)
    expect(await call('/xmas-26')).toEqual(expected)
    await call('/bare', { name: 'Bare', currency: 'GBP' })
    await system.caughtUp()
    const rows = (sql: string) => Array.fromAsync(lakeRows(sql, places))
    const of = ['2026-12-01', '2026-12-24', 'EUR', '50.0', '5000.0000', '12.5', '0.1']
    expect(await rows('select * from campaign order by campaign_id')).toEqual([
      ['bare', 'Bare', '', '', '', 'GBP', '', '', '', '0.0'],
      ['xmas-26', 'Christmas', 'email', ...of],
    ])
    expect(await rows('select * from campaign_cost order by day')).toEqual([
      ['xmas-26', '2026-12-01', 'EUR', '100.5000'],
      ['xmas-26', '2026-12-02', 'EUR', '0.0000'],
    ])
  })

  it('are listed page by page by their ids', async () => {
    for (const id of ['a', 'b', 'c']) await call(`/${id}`, { name: id, currency: 'EUR' })
    const listed = await system.list('/v1/campaigns?limit=2', z.object({ campaignId: z.string() }))
    expect(listed.map(({ campaignId }) => campaignId)).toEqual(['a', 'b', 'bare', 'c', 'xmas-26'])
  })

  it.each([
    [{ ...xmas, name: undefined }, 'the field name is not right'],
    [{ ...xmas, channel: 'fax' }, 'the field channel is not right'],
    [{ ...xmas, startsOn: '2026-12-25' }, 'the field endsOn is not right: a day not before startsOn'],
    [{ ...xmas, startsOn: '1.12.2026' }, 'the field startsOn is not right: a day, such as 2026-11-22'],
    [{ ...xmas, costs: [{ day: '2026-12-01', amount: -1 }] }, 'the field costs.0.amount is not right'],
    [{ ...xmas, costs: [...xmas.costs, ...xmas.costs] }, 'the field costs is not right: each day once'],
    [{ ...xmas, holdoutShare: 2 }, 'the field holdoutShare is not right: a share from 0 to 1'],
    [{ ...xmas, budget: 5 }, 'budget'],
  ])('are refused where something is not right: %j', async (body, detail) => {
    const { status, json } = await call('/wrong', body)
    expect({ status, json }).toMatchObject({ status: 400, json: { detail: expect.stringContaining(detail) } })
  })
})
