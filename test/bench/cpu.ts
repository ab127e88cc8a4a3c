import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { startDynoxide } from '../simulation/dynoxide.ts'
import { measurePureSteps } from './cpu-pure.ts'
import { createTables } from './cross-check.ts'
import { tables } from './functions-on-store.ts'
import { type RecordedRun, startRecordedRun } from './recorded-run.ts'
import type { Exchange } from './recording.ts'
import { againstBar, barHeader, cpuOf, printTable } from './report.ts'

const measuredBatches = 40
const bars = { pure: 50, whole: 150 }

/** CPU time per event: of our own code, and of the SDK on the requests that our code makes. */
export async function benchCpu(): Promise<void> {
  const steps = await measurePureSteps()
  const pure = steps.reduce((sum, [, micros]) => sum + micros, 0)
  const run = await startRecordedRun()
  const inOurs = await measureFunctions(run)
  const events = measuredBatches * 100
  const earlier = run.store.exchanges.slice(0, run.warmUp)
  const measured = run.store.exchanges.slice(run.warmUp)

  const simulated = createSimulatedDynamoDB({ tables }).client('replay')
  await sendAll(earlier, simulated)
  const simulation = (await cpuOf(() => sendAll(measured, simulated))).micros / events
  const sdk = await measureSdk(earlier, measured)
  const sdkTotal = [...sdk.values()].reduce((sum, { micros }) => sum + micros, 0) / events
  const overHttp = (await measureOverHttp(earlier, measured)) / events
  const own = inOurs.process + inOurs.journey - simulation

  printTable(
    'cpu: microseconds per event, batches of 100',
    ['', 'µs'],
    [
      ...steps.map(([step, micros]) => [`pure: ${step}`, micros]),
      ['process on the simulated store', inOurs.process],
      ['journey on the simulated store', inOurs.journey],
      ['of which the simulated store', simulation],
      ['SDK: serialise, sign, read canned answers', sdkTotal],
      ['SDK over HTTP to a store on this machine', overHttp],
    ],
  )
  printTable(
    'cpu: the SDK by kind of request, canned answers',
    ['', 'requests', 'µs per request', 'µs per event'],
    [...sdk].map(([kind, { count, micros }]) => [kind, count, micros / count, micros / events]),
  )
  printTable('cpu: per event', barHeader, [
    againstBar('decode, plan, fold alone', pure, bars.pure, 'µs'),
    againstBar('process and journey with the SDK, without sockets', own + sdkTotal, bars.whole, 'µs'),
  ])
  console.log(`  with sockets, HTTP/1.1 without TLS: ${(own + overHttp).toFixed(0)} µs\n`)
}

/** The functions with the real client up to its first middleware, where the simulated store answers. */
async function measureFunctions({ functions, next }: RecordedRun) {
  const sum = { process: 0, journey: 0 }
  for (let at = 0; at < measuredBatches; at++) {
    const events = next()
    functions.forget()
    sum.process += (await cpuOf(() => functions.process(events))).micros
    const news = functions.news()
    sum.journey += (await cpuOf(() => functions.journey(news))).micros
  }
  const events = measuredBatches * 100
  return { process: sum.process / events, journey: sum.journey / events }
}

async function sendAll(exchanges: readonly Exchange[], client: DynamoDBClient): Promise<void> {
  for (const { send } of exchanges) await send(client)
}

/** The real client with the answers of the run, in their order, by a handler that sends nothing. */
async function measureSdk(earlier: readonly Exchange[], measured: readonly Exchange[]) {
  let answer: Uint8Array = new Uint8Array()
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      handle: async () => ({
        response: {
          statusCode: 200,
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          body: answer,
        },
      }),
    },
  })
  const kinds = new Map<string, { count: number; micros: number }>()
  for (const exchanges of [earlier.slice(-500), measured]) {
    kinds.clear()
    for (const { kind, output, send } of exchanges) {
      answer = wireForm(output)
      const { count, micros } = kinds.get(kind) ?? { count: 0, micros: 0 }
      kinds.set(kind, { count: count + 1, micros: micros + (await cpuOf(() => send(client))).micros })
    }
  }
  return kinds
}

/** The answer as DynamoDB writes it. */
function wireForm({ $metadata: _, ...output }: Exchange['output']): Uint8Array {
  const toWire = (_name: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
  return Buffer.from(JSON.stringify(output, toWire))
}

async function measureOverHttp(earlier: readonly Exchange[], measured: readonly Exchange[]): Promise<number> {
  const dynoxide = await startDynoxide()
  try {
    await createTables(dynoxide.client)
    await sendAll(earlier, dynoxide.client)
    return (await cpuOf(() => sendAll(measured, dynoxide.client))).micros
  } finally {
    await dynoxide.stop()
  }
}
