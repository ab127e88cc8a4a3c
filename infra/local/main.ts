import { join } from 'node:path'
import { parseArguments } from './arguments.ts'
import { type LocalRuntime, startLocal } from './start.ts'

// Functions run in UTC on Lambda, and threads share the time zone of their process.
process.env.TZ = 'UTC'

const project = join(import.meta.dirname, '..', '..')
const directory = join(project, '.local')

const given = parseArguments(process.argv.slice(2))
if (given.kind === 'wrong') {
  console.error(given.message)
  process.exit(2)
}

let stopping = false
const starting = startLocal({ directory, fresh: given.fresh, port: given.port, onFailure })
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
try {
  const runtime = await starting
  if (!stopping) console.log(welcome(runtime))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

function welcome({ endpoints }: LocalRuntime) {
  const { api, kinesis, dynamodb, s3, stream, region } = endpoints
  return `
omnijourney runs on this machine (Ctrl-C ends it; its state stays in .local)

  API        ${api}/v1
  Status     ${api}/local/status
  Kinesis    ${kinesis}   stream ${stream}, region ${region}
  DynamoDB   ${dynamodb}
  S3, SQS    ${s3}
  Logs       .local/logs

Send a first event:

  curl ${api}/v1/events -H 'content-type: application/json' -d '{"id":"1","source":"pos/berlin/till-4","time":"${new Date().toISOString()}","channel":"store","type":"purchase","identifiers":[{"type":"loyalty_id","value":"L-77"}],"order":{"id":"R-1","total":19.9}}'

and ask who it was:

  curl ${api}/v1/customers/lookup -H 'content-type: application/json' -d '{"type":"loyalty_id","value":"L-77"}'
`
}

/** A server that ended by itself; after Ctrl-C the terminal may have ended it before we could. */
function onFailure(message: string) {
  setTimeout(() => {
    if (stopping) return
    console.error(message)
    void end(1)
  }, 100)
}

function stop() {
  void end(0)
}

async function end(code: number) {
  if (stopping) return
  stopping = true
  await starting.then((runtime) => runtime.close()).catch(() => undefined)
  process.exit(code)
}
