import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'

// One execution environment of a function: loads its bundle once, then takes one invocation after another.

const dataSchema = z.object({
  module: z.string(),
  handler: z.string(),
  functionName: z.string(),
  functionArn: z.string(),
  memoryMb: z.number(),
})
const invocationSchema = z.object({ requestId: z.string(), payload: z.string(), deadlineMs: z.number() })

const port = parentPort
if (!port) throw new Error('This file runs as a worker thread')

const data = dataSchema.parse(workerData)
const handler = await loadHandler()
port.postMessage({ kind: 'ready' })

port.on('message', async (message: unknown) => {
  const { requestId, payload, deadlineMs } = invocationSchema.parse(message)
  const outcome = await run(payload, contextOf(requestId, deadlineMs))
  // What was printed must be with the parent before the outcome is, for it counts what functions report.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  port.postMessage({ ...outcome, requestId })
})

async function loadHandler() {
  const exported = z.record(z.string(), z.unknown()).parse({ ...(await import(data.module)) })
  const found = exported[data.handler]
  if (typeof found !== 'function') throw new Error(`${data.module} does not export ${data.handler}`)
  return (event: unknown, context: object): unknown => Reflect.apply(found, undefined, [event, context])
}

async function run(payload: string, context: object) {
  try {
    const event: unknown = JSON.parse(payload)
    return { kind: 'result', result: JSON.stringify((await handler(event, context)) ?? null) }
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    console.error(message)
    return { kind: 'error', message }
  }
}

function contextOf(requestId: string, deadlineMs: number) {
  return {
    awsRequestId: requestId,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memoryMb),
    logGroupName: `/aws/lambda/${data.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  }
}

function flushed(stream: NodeJS.WriteStream) {
  return new Promise<void>((resolve) => stream.write('', () => resolve()))
}
