import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from '@aws-sdk/client-athena'
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { startFauxqs } from 'fauxqs'
import type { LakeResources } from '../../../../infra/local/lake/resources.ts'
import { choosePorts } from '../../../../infra/local/ports.ts'
import { bucket, lakeResources, stream, workGroup } from './lake-resources.ts'

const script = join(import.meta.dirname, '..', '..', '..', '..', 'infra', 'local', 'lake-server.ts')
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

type Rows = (string | null)[][]
type More = Partial<StartQueryExecutionCommandInput>

/** A directory and an S3 that outlast the lake over them. */
export async function startPlace() {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-lake-'))
  const [dataDir, s3StorageDir] = [join(directory, 'sqs'), join(directory, 's3')]
  const server = await startFauxqs({ port: 0, dataDir, s3StorageDir, logger: false, host: '127.0.0.1' })
  const s3Endpoint = `http://127.0.0.1:${server.port}`
  await fetch(`${s3Endpoint}/${bucket}`, { method: 'PUT' })
  const s3 = new S3Client({ endpoint: s3Endpoint, region: 'eu-central-1', credentials, forcePathStyle: true })
  return {
    directory,
    s3Endpoint,
    text: async (key: string) => (await fetch(`${s3Endpoint}/${bucket}/${key}`)).text(),
    async keys(Prefix: string): Promise<string[]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))
      return Contents.map(({ Key = '' }) => Key)
    },
    async close() {
      s3.destroy()
      await server.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export type Place = Awaited<ReturnType<typeof startPlace>>

/** The lake in a process of its own, as `npm start` runs it, and the clients of AWS for it. */
export async function startLake(place: Place, resources: LakeResources = lakeResources()) {
  const { lake: port } = await choosePorts(0)
  const file = join(place.directory, 'resources.json')
  writeFileSync(file, JSON.stringify(resources))
  const args = [String(port), join(place.directory, 'lake'), file, place.s3Endpoint]
  const child = fork(script, args, { env: { ...process.env, TZ: 'UTC' }, execArgv: [] })
  await Promise.race([once(child, 'message'), once(child, 'exit')])
  const options = { endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', credentials }
  const athena = new AthenaClient(options)
  const firehose = new FirehoseClient({ ...options, maxAttempts: 1 })
  return { ...clientsOf(athena, firehose), endpoint: options.endpoint, athena, firehose, ...endsOf(child) }
}

export type Lake = Awaited<ReturnType<typeof startLake>>

function endsOf(child: ChildProcess) {
  const exited = once(child, 'exit')
  return {
    async close() {
      if (child.connected) child.disconnect()
      await exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

function clientsOf(athena: AthenaClient, firehose: FirehoseClient) {
  async function start(sql: string, more: More = {}): Promise<string> {
    const request = { QueryString: sql, WorkGroup: workGroup, ...more }
    const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand(request))
    return QueryExecutionId ?? ''
  }

  async function finished(id: string): Promise<QueryExecution> {
    for (;;) {
      const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
      const { State } = QueryExecution?.Status ?? {}
      if (QueryExecution && State !== 'QUEUED' && State !== 'RUNNING') return QueryExecution
    }
  }

  async function query(sql: string, more: More = {}) {
    const id = await start(sql, more)
    const execution = await finished(id)
    if (execution.Status?.State !== 'SUCCEEDED') throw new Error(execution.Status?.StateChangeReason)
    const { ResultSet, UpdateCount } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }))
    const rows: Rows = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
      Data.map(({ VarCharValue }) => VarCharValue ?? null),
    )
    const columns: ColumnInfo[] = ResultSet?.ResultSetMetadata?.ColumnInfo ?? []
    return { execution, columns, names: rows[0], rows: rows.slice(1), all: rows, updateCount: UpdateCount }
  }

  return {
    start,
    finished,
    query,
    /** All rows, by the names of their columns. */
    async table(sql: string) {
      const QueryExecutionId = await start(sql)
      const { Status } = await finished(QueryExecutionId)
      if (Status?.State !== 'SUCCEEDED') throw new Error(Status?.StateChangeReason)
      const rows: Rows = []
      for await (const { ResultSet } of paginateGetQueryResults({ client: athena }, { QueryExecutionId }))
        for (const { Data = [] } of ResultSet?.Rows ?? [])
          rows.push(Data.map(({ VarCharValue }) => VarCharValue ?? null))
      const [names = [], ...values] = rows
      return values.map((row) => Object.fromEntries(row.map((value, at) => [names[at] ?? '', value])))
    },
    /** Without the line of names. */
    rows: async (sql: string, more: More = {}) => (await query(sql, more)).rows,
    /** Why it fails. */
    failure: async (sql: string, more: More = {}) =>
      (await finished(await start(sql, more))).Status?.StateChangeReason,
    put(records: (object | string | Uint8Array)[]) {
      const bytes = (record: object | string | Uint8Array) =>
        record instanceof Uint8Array
          ? record
          : Buffer.from(typeof record === 'string' ? record : JSON.stringify(record))
      const Records = records.map((record) => ({ Data: bytes(record) }))
      return firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records }))
    },
  }
}
