import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import kinesalite from 'kinesalite'

type Counters = { received: number; accepted: number; duplicate: number; quarantined: number }

const limits = { createStreamMs: 1, deleteStreamMs: 1, updateStreamMs: 1, shardLimit: 10 }

/** A stream, and an API that counts what `judge` makes of its records. */
export async function startSystem(judge: (records: Buffer[]) => Counters) {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-replay-'))
  const stream = kinesalite({ path: join(directory, 'stream'), ...limits })
  stream.listen(0, '127.0.0.1')
  await once(stream, 'listening')
  const kinesis = urlOf(stream.address())
  const client = new KinesisClient({
    endpoint: kinesis,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
  })
  await client.send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 1 }))
  let status: string | undefined
  while (status !== 'ACTIVE')
    status = (await client.send(new DescribeStreamCommand({ StreamName: 'events' }))).StreamDescription
      ?.StreamStatus

  async function records(): Promise<{ key: string; data: Buffer }[]> {
    const shard = { StreamName: 'events', ShardId: 'shardId-000000000000' }
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ ...shard, ShardIteratorType: 'TRIM_HORIZON' }),
    )
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }))
    return Records.map(({ Data = new Uint8Array(), PartitionKey = '' }) => ({
      key: PartitionKey,
      data: Buffer.from(Data),
    }))
  }

  const api = createServer(async (request, response) => {
    const touchpoints = judge((await records()).map(({ data }) => data))
    const rejected = { reason: 'invalid_json', detail: 'the record is not JSON' }
    response.end(
      JSON.stringify(
        request.url?.startsWith('/v1/quarantine')
          ? { items: Array(touchpoints.quarantined).fill(rejected), nextCursor: null }
          : { touchpoints, behind: 0 },
      ),
    )
  })
  api.listen(0, '127.0.0.1')
  await once(api, 'listening')

  const endpointsFile = join(directory, 'endpoints.json')
  const endpoints = { api: urlOf(api.address()), kinesis, stream: 'events', region: 'eu-central-1' }
  writeFileSync(endpointsFile, JSON.stringify(endpoints))
  return {
    kinesis,
    endpointsFile,
    directory,
    records,
    async close() {
      client.destroy()
      api.closeAllConnections()
      stream.closeAllConnections()
      await Promise.all([closed(api), closed(stream)])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function closed(server: { close(done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}

function urlOf(address: AddressInfo | string | null): string {
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
}
