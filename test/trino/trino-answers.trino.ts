import { expect, inject, it } from 'vitest'
import { trinoAnswers } from '../infra/local/lake/trino-answers.ts'
import { athenaRows } from './athena-text.ts'
import { createTrino } from './client.ts'

const trino = createTrino(inject('trino'))

it.each(trinoAnswers)('%s is answered as the lake of one machine answers it', async (sql, answer) => {
  const rows = athenaRows(await trino.query(/^(select|with) /.test(sql) ? sql : `select ${sql}`))
  expect(rows.length === 1 && rows[0]?.length === 1 ? rows[0][0] : JSON.stringify(rows)).toBe(answer)
})
