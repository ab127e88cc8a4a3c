import { Kinesis } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'

const kinesis = new Kinesis({ requestHandler: new NodeHttpHandler() })

/** Puts the body, an array of records, into the stream. */
export async function handler({ body = '[]' }: APIGatewayProxyEventV2) {
  const records: { pk: string; sk: string }[] = JSON.parse(body)
  await kinesis.putRecords({
    StreamName: process.env.STREAM_NAME ?? '',
    Records: records.map((record) => ({
      PartitionKey: record.pk,
      Data: Buffer.from(JSON.stringify(record)),
    })),
  })
  return { statusCode: 202 }
}
