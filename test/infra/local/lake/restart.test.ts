import { afterEach, beforeEach, expect, it } from 'vitest'
import { lakeResources } from './lake-resources.ts'
import { type Lake, type Place, startLake, startPlace } from './local-lake.ts'

let place: Place
const opened: Lake[] = []

beforeEach(async () => {
  place = await startPlace()
})

afterEach(async () => {
  for (const lake of opened.splice(0)) await lake.close()
  await place.close()
})

async function start(resources = lakeResources()) {
  const lake = await startLake(place, resources)
  opened.push(lake)
  return lake
}

async function end(lake: Lake, how: 'close' | 'kill') {
  opened.splice(opened.indexOf(lake), 1)
  await lake[how]()
}

const row = (at: number) => ({
  id: `q-${at}`,
  reason: 'invalid_json',
  detail: `at ${at}`,
  event_id: null,
  source: null,
  received_at: 1_795_338_900_000_000 + at,
  shard_id: null,
  sequence_number: null,
})

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => row(from + at))

it('keeps what was put, and forgets only the executions', async () => {
  const first = await start()
  await first.put(rows(0, 10))
  const { execution } = await first.query('select count(*) from quarantine_log')
  await end(first, 'close')

  const second = await start()
  expect(await second.rows('select count(*), max(received_at) from quarantine_log')).toEqual([
    ['10', '2026-11-22 09:15:00.000009'],
  ])
  await expect(second.finished(execution.QueryExecutionId ?? '')).rejects.toThrow('was not found')
  const result = execution.ResultConfiguration?.OutputLocation?.replace('s3://test-lake/', '') ?? ''
  expect(await place.text(result)).toBe('"_col0"\n"10"\n')
})

it('loses nothing that it answered for when it is killed', { timeout: 120_000 }, async () => {
  const answered = new Set<string>()
  for (let round = 0; round < 5; round++) {
    const lake = await start()
    const first = round * 100_000
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let at = 0; ; at++) {
        const from = first + writer * 20_000 + at * 25
        const batch = rows(from, from + 25)
        const { FailedPutCount } = await lake.put(batch)
        if (FailedPutCount === 0) for (const { id } of batch) answered.add(id)
      }
    })
    const stopped = Promise.allSettled(writers)
    const asking = lake.rows('select count(*) from quarantine_log').catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 150 + round * 170))
    await end(lake, 'kill')
    await Promise.all([stopped, asking])
  }
  const after = await start()
  const counted = await after.query('select count(*), count(distinct id) from quarantine_log')
  const [all, distinct] = (counted.rows[0] ?? []).map(Number)
  expect(all).toBe(distinct)
  expect(answered.size).toBeGreaterThan(500)
  const found = new Set<string>()
  for (let from = 0; from < 500_000; from += 100_000) {
    const ids = `select array_join(array_agg(id), ',') from quarantine_log where cast(substr(id, 3) as integer) / 100000 = ${from / 100_000}`
    for (const id of ((await after.rows(ids))[0]?.[0] ?? '').split(',')) found.add(id)
  }
  expect([...answered].filter((id) => !found.has(id))).toEqual([])
})

it('gives tables of an older state their new columns', async () => {
  const old = await start()
  const fields = { large: 1, single: 1, real_number: 1, money: 1, at: 1, day: 1, texts: ['a'], lines: [] }
  await old.put([{ text: 'old', flag: true, small: 1, ...fields }])
  await end(old, 'close')

  const list = JSON.stringify({ type: 'list', 'element-id': 31, element: 'long' })
  const later = await start(lakeResources({ more: [{ Name: 'added', Type: list }] }))
  await later.put([{ text: 'new', flag: true, small: 1, ...fields, added: [1] }])
  expect(await later.rows('select text, texts, added from every_type order by text')).toEqual([
    ['new', '[a]', '[1]'],
    ['old', '[a]', null],
  ])
})

it('starts without any table, stream or workgroup', async () => {
  const lake = await start({ databases: [], tables: [], views: [], deliveryStreams: [], workGroups: [] })
  const more = { WorkGroup: 'primary', ResultConfiguration: { OutputLocation: 's3://test-lake/x' } }
  expect(await lake.rows('select 1 + 1', more)).toEqual([['2']])
  expect(await lake.failure('select * from t', more)).toBe(
    'MISSING_SCHEMA_NAME: line 1:15: Schema must be specified when session schema is not set',
  )
})
