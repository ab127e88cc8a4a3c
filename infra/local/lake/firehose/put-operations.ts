import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type AwsAnswer, type AwsOperation, awsFailure, awsSuccess } from '../../aws-server.ts'
import { operationsRefusing } from '../operation.ts'
import type { Deliver } from './deliver.ts'

const operation = operationsRefusing('InvalidArgumentException')

const maxRecords = 500
const maxBytes = 4 * 1024 * 1024
const maxRecordBytes = 1_000 * 1024

const recordSchema = z.object({
  Data: z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine(({ length }) => length <= maxRecordBytes, {
      message: `A record has at most ${maxRecordBytes} bytes`,
    }),
})
const one = z.object({ DeliveryStreamName: z.string(), Record: recordSchema })
const many = z.object({
  DeliveryStreamName: z.string(),
  Records: z
    .array(recordSchema)
    .min(1)
    .max(maxRecords)
    .refine((records) => records.reduce((sum, { Data }) => sum + Data.length, 0) <= maxBytes, {
      message: `The records of a request have at most ${maxBytes} bytes`,
    }),
})

const busy = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' }

/** Takes records for the streams, by their names; answered for, they are in the lake or where failures go. */
export function putOperations(streams: ReadonlyMap<string, Deliver>): [string, AwsOperation][] {
  const put = async (
    name: string,
    records: Buffer[],
    answer: (isTaken: boolean) => AwsAnswer,
  ): Promise<AwsAnswer> => {
    const deliver = streams.get(name)
    if (deliver) return answer(await deliver(records))
    return awsFailure('ResourceNotFoundException', `Firehose ${name} under account not found.`)
  }
  return [
    [
      'Firehose_20150804.PutRecord',
      operation(one, ({ DeliveryStreamName, Record }) =>
        put(DeliveryStreamName, [Record.Data], (isTaken) =>
          isTaken ? awsSuccess({ RecordId: newRecordId(), Encrypted: false }) : unavailable,
        ),
      ),
    ],
    [
      'Firehose_20150804.PutRecordBatch',
      operation(many, ({ DeliveryStreamName, Records }) =>
        put(
          DeliveryStreamName,
          Records.map(({ Data }) => Data),
          (isTaken) =>
            awsSuccess({
              FailedPutCount: isTaken ? 0 : Records.length,
              Encrypted: false,
              RequestResponses: Records.map(() => (isTaken ? { RecordId: newRecordId() } : busy)),
            }),
        ),
      ),
    ],
  ]
}

const unavailable: AwsAnswer = { status: 503, body: { __type: busy.ErrorCode, message: busy.ErrorMessage } }

const newRecordId = () => randomBytes(66).toString('base64url')
