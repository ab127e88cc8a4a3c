import { expect, test } from 'vitest'
import { failureRecord } from '../../../infra/local/failure-record.ts'

test('a discarded batch is kept whole, under the name that Lambda gives it', () => {
  const record = (sequence: number) => ({
    sequenceNumber: String(sequence),
    orderKey: 'k',
    arrivedAtMs: Date.UTC(2026, 10, 22, 9, 15, sequence),
    json: JSON.stringify({ sequence }),
    matchable: () => undefined,
  })
  const { key, body } = failureRecord(
    { records: [record(1), record(2)], condition: 'RetryAttemptsExhausted', invocations: 3 },
    {
      kind: 'kinesis',
      functionArn: 'arn:aws:lambda:f',
      streamArn: 'arn:aws:kinesis:s',
      shardId: 'shardId-000000000000',
      mappingId: 'mapping',
      now: new Date('2026-11-22T10:11:12Z'),
    },
  )
  expect(key).toMatch(
    /^aws\/lambda\/mapping\/shardId-000000000000\/2026\/11\/22\/2026-11-22T10\.11\.12-[0-9a-f-]{36}$/,
  )
  expect(JSON.parse(body)).toMatchObject({
    requestContext: {
      functionArn: 'arn:aws:lambda:f',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    version: '1.0',
    timestamp: '2026-11-22T10:11:12.000Z',
    KinesisBatchInfo: {
      shardId: 'shardId-000000000000',
      startSequenceNumber: '1',
      endSequenceNumber: '2',
      approximateArrivalOfFirstRecord: '2026-11-22T09:15:01.000Z',
      approximateArrivalOfLastRecord: '2026-11-22T09:15:02.000Z',
      batchSize: 2,
      streamArn: 'arn:aws:kinesis:s',
    },
    payload: '{"Records":[{"sequence":1},{"sequence":2}]}',
  })
})
