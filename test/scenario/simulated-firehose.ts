import { FirehoseClient } from '@aws-sdk/client-firehose'
import { z } from 'zod'
import type { Random } from '../../infra/demo/random.ts'

export type LakeRow = Record<string, unknown>

const requestSchema = z.object({ Records: z.array(z.object({ Data: z.base64() })) })
const rowSchema = z.record(z.string(), z.unknown())

/** A client of Firehose whose service takes some of the records of a request, and one now and then twice. */
export function firehoseInto(rows: LakeRow[], random: Random): FirehoseClient {
  const handle = async ({ body }: { body?: unknown }) => {
    const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body)
    const { Records } = requestSchema.parse(JSON.parse(text))
    const RequestResponses = Records.map(({ Data }) => {
      if (random.chance(0.05)) return { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' }
      const row = rowSchema.parse(JSON.parse(Buffer.from(Data, 'base64').toString()))
      rows.push(row)
      if (random.chance(0.05)) rows.push(row)
      return { RecordId: String(rows.length) }
    })
    const FailedPutCount = RequestResponses.filter(({ ErrorCode }) => ErrorCode !== undefined).length
    const answer = JSON.stringify({ FailedPutCount, RequestResponses })
    const headers = { 'content-type': 'application/x-amz-json-1.1' }
    return { response: { statusCode: 200, headers, body: Buffer.from(answer) } }
  }
  return new FirehoseClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    requestHandler: { handle, metadata: { handlerProtocol: 'http/1.1' } },
  })
}
