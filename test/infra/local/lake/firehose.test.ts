import { PutRecordBatchCommand, PutRecordCommand } from '@aws-sdk/client-firehose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { stream } from './lake-resources.ts'
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

const row = {
  text: 'a',
  flag: true,
  small: 1,
  large: 1,
  single: 1,
  real_number: 1,
  money: 1,
  at: 1,
  day: 1,
  texts: [],
  lines: [],
}

const failedSchema = z.object({
  attemptsMade: z.number(),
  arrivalTimestamp: z.number(),
  errorCode: z.string(),
  errorMessage: z.string(),
  rawData: z.base64(),
})

/** Of all files under the prefix. */
async function failed(prefix: string) {
  const texts = await Promise.all((await place.keys(prefix)).map((key) => place.text(key)))
  const lines = texts.flatMap((text) => text.trimEnd().split('\n'))
  return lines.map((line) => failedSchema.parse(JSON.parse(line)))
}

const count = async (where: string) =>
  (await lake.rows(`select count(*) from every_type where ${where}`))[0]?.[0]

const missing = 'Iceberg.MissingColumnWithinRecord'
const mismatch = 'Iceberg.SchemaTypeMismatch'
const unrouted = 'DynamicPartitioning.MetadataExtractionFailed'
const { text: _, ...withoutText } = row
const line = { sku: 'S', price: 1, at: 1 }

describe('a record that fits no table', () => {
  it.each([
    [withoutText, missing, 'The record has no column text'],
    [{ ...row, text: 1 }, mismatch, 'text wants a string, not 1'],
    [{ ...row, flag: 'true' }, mismatch, 'flag wants true or false, not "true"'],
    [{ ...row, small: 2 ** 31 }, mismatch, 'small wants a whole number of 32 bits, not 2147483648'],
    [{ ...row, small: 1.5 }, mismatch, 'small wants a whole number of 32 bits, not 1.5'],
    [{ ...row, small: '1' }, mismatch, 'small wants a whole number of 32 bits, not "1"'],
    [
      JSON.stringify(row).replace('"large":1', '"large":9223372036854775808'),
      mismatch,
      'large wants a whole number of 64 bits, not "9223372036854775808"',
    ],
    [{ ...row, real_number: '1' }, mismatch, 'real_number wants a number, not "1"'],
    [
      JSON.stringify(row).replace('"real_number":1', '"real_number":1e400'),
      mismatch,
      'real_number wants a number, not null',
    ],
    [{ ...row, money: 0.00001 }, mismatch, 'money wants decimal(18,4), not 0.00001'],
    [{ ...row, money: 100000000000000 }, mismatch, 'money wants decimal(18,4), not 100000000000000'],
    [{ ...row, money: '1e3' }, mismatch, 'money wants decimal(18,4), not "1e3"'],
    [
      { ...row, at: '2026-11-22T09:15:00Z' },
      mismatch,
      'at wants whole microseconds since 1970, not "2026-11-22T09:15:00Z"',
    ],
    [{ ...row, at: 1.5 }, mismatch, 'at wants whole microseconds since 1970, not 1.5'],
    [{ ...row, day: '2026-02-30' }, mismatch, 'day wants days since 1970 or a date, not "2026-02-30"'],
    [{ ...row, texts: 'a' }, mismatch, 'texts wants an array, not "a"'],
    [{ ...row, texts: [1] }, mismatch, 'texts[] wants a string, not 1'],
    [
      { ...row, lines: [line, { ...line, price: 'x' }] },
      mismatch,
      'lines[].price wants decimal(18,4), not "x"',
    ],
    [{ ...row, lines: [{ sku: 'S', at: 1 }] }, missing, 'The record has no column lines[].price'],
    [{ ...row, lines: line }, mismatch, 'lines wants an array, not {"sku":"S","price":1,"at":1}'],
  ])('lies with the errors of its table: %j', async (record, code, message) => {
    const before = await failed('errors/every_type/')
    const answer = await lake.put([record])
    expect(answer.FailedPutCount).toBe(0)
    const now = await failed('errors/every_type/')
    const [found] = now.filter(
      ({ rawData, errorMessage }) =>
        !before.some((known) => known.rawData === rawData && known.errorMessage === errorMessage),
    )
    expect(found).toMatchObject({ attemptsMade: 1, errorCode: code, errorMessage: message })
    expect(Buffer.from(found?.rawData ?? '', 'base64').toString()).toBe(
      typeof record === 'string' ? record : JSON.stringify(record),
    )
  })

  it.each([
    ['no json', unrouted, 'The record is not one JSON object'],
    ['[1]', unrouted, 'The record is not one JSON object'],
    ['{"flag":true}{"flag":true}', unrouted, 'The record is not one JSON object'],
    [
      '{"unknown":1}',
      unrouted,
      'The jq expression names no destination: it gave [{"destinationDatabaseName":"test_lake","destinationTableName":null,"operation":"insert"}]',
    ],
    [
      '{"text":"half a pair: \\ud83d"}',
      unrouted,
      'The jq expression names no destination: jq: parse error: Invalid \\uXXXX\\uXXXX surrogate pair escape at line 1, column 29',
    ],
    [Uint8Array.of(0x7b, 0xff, 0x7d), unrouted, 'The record is not one JSON object'],
  ])('lies with those of no table: %s', async (record, code, message) => {
    await lake.put([record])
    const found = (await failed('errors/unrouted/')).find(
      ({ rawData }) => rawData === Buffer.from(record).toString('base64'),
    )
    expect(found).toMatchObject({ errorCode: code, errorMessage: message })
  })

  it('stops none of its neighbours', async () => {
    const records = [
      { ...row, text: 'first' },
      'no json',
      { ...row, text: 'broken', small: 'x' },
      { ...row, text: 'last' },
    ]
    const answer = await lake.put(records)
    expect(answer).toMatchObject({ FailedPutCount: 0 })
    expect(answer.RequestResponses?.map(({ RecordId }) => typeof RecordId)).toEqual(Array(4).fill('string'))
    expect(await count(`text in ('first', 'last', 'broken')`)).toBe('2')
  })
})

it('leaves out what is there besides the columns', async () => {
  await lake.put([{ ...row, text: 'more', extra: { a: 1 }, lines: [{ ...line, extra: 1 }] }])
  expect(await lake.rows(`select lines from every_type where text = 'more'`)).toEqual([
    ['[{sku=S, price=1.0000, at=1970-01-01 00:00:00.000001}]'],
  ])
})

it('takes a single record', async () => {
  const Record = { Data: Buffer.from(JSON.stringify({ ...row, text: 'single' })) }
  const { RecordId } = await lake.firehose.send(new PutRecordCommand({ DeliveryStreamName: stream, Record }))
  expect(RecordId).toMatch(/^\S{80,}$/)
  expect(await count(`text = 'single'`)).toBe('1')
})

it.each([
  ['no records', []],
  ['501 records', Array(501).fill(Buffer.from('{}'))],
  ['a record of more than 1,000 KiB', [Buffer.alloc(1_000 * 1024 + 1, ' ')]],
  ['more than 4 MiB', Array(5).fill(Buffer.alloc(1_000 * 1024, ' '))],
])('refuses %s', async (_name, data: Buffer[]) => {
  const Records = data.map((Data) => ({ Data }))
  const put = lake.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records }))
  await expect(put).rejects.toMatchObject({ name: 'InvalidArgumentException' })
})

it('knows only the streams that there are', async () => {
  const Records = [{ Data: Buffer.from('{}') }]
  const put = lake.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'other', Records }))
  await expect(put).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

it('shows what was answered for at once, in every query, while more comes', { timeout: 60_000 }, async () => {
  const batch = (at: number) =>
    Array.from({ length: 100 }, (_, index) => ({ ...row, text: 'counted', large: at * 100 + index }))
  const seen: number[] = []
  let answered = 0
  const writing = (async () => {
    for (let at = 0; at < 20; at++) {
      await lake.put(batch(at))
      answered += 100
    }
  })()
  const reading = Array.from({ length: 3 }, async () => {
    while (answered < 2_000) {
      const before = answered
      const [counts] = await lake.rows(
        `select count(*), count(distinct large) from every_type where text = 'counted'`,
      )
      const [all, distinct] = (counts ?? []).map(Number)
      expect(all).toBe(distinct)
      expect(all).toBeGreaterThanOrEqual(before)
      expect((all ?? 0) % 100).toBe(0)
      seen.push(all ?? 0)
    }
  })
  await Promise.all([writing, ...reading])
  expect(await count(`text = 'counted'`)).toBe('2000')
  expect(seen.length).toBeGreaterThan(3)
})
