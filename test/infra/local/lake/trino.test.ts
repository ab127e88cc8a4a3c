import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Lake, type Place, startLake, startPlace } from './local-lake.ts'
import { trinoAnswers } from './trino-answers.ts'

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

it.each(trinoAnswers)('answers %s as Trino does', async (sql, answer) => {
  const rows = await lake.rows(/^(select|with) /.test(sql) ? sql : `select ${sql}`)
  expect(rows.length === 1 && rows[0]?.length === 1 ? rows[0][0] : JSON.stringify(rows)).toBe(answer)
})
