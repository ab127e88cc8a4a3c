import { join } from 'node:path'
import { streamDemo } from '../demo/stream.ts'
import { messageOf, ReplayFailure } from '../replay/failure.ts'
import { createProgress } from '../replay/progress.ts'
import { parseArguments } from './arguments.ts'
import { type LocalRuntime, startLocal } from './start.ts'
import { welcome } from './welcome.ts'

// Functions run in UTC on Lambda, and threads share the time zone of their process.
process.env.TZ = 'UTC'

const project = join(import.meta.dirname, '..', '..')
const directory = join(project, '.local')

const given = parseArguments(process.argv.slice(2))
if (given.kind === 'wrong') {
  console.error(given.message)
  process.exit(2)
}

const { demo, auth, fresh, port } = given
const stop = new AbortController()
const starting = startLocal({ directory, fresh, port, auth, onFailure })
process.on('SIGINT', () => end(0))
process.on('SIGTERM', () => end(0))
const runtime = await starting.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
if (!stop.signal.aborted) {
  console.log(welcome({ ...runtime, auth }))
  if (demo) await showDemo(runtime, demo)
}

async function showDemo({ endpoints }: LocalRuntime, { perSecond }: { perSecond: number }) {
  const progress = createProgress(process.stderr, () => performance.now())
  try {
    await streamDemo({
      endpoints,
      directory,
      perSecond,
      now: new Date(),
      progress,
      say: console.log,
      signal: stop.signal,
    })
  } catch (error) {
    if (!(error instanceof ReplayFailure)) throw error
    console.error(`The demo ended early, the system runs on: ${messageOf(error)}`)
  }
}

/** A server that ended by itself; after Ctrl-C the terminal may have ended it before we could. */
function onFailure(message: string) {
  setTimeout(() => {
    if (stop.signal.aborted) return
    console.error(message)
    void end(1)
  }, 100)
}

async function end(code: number) {
  if (stop.signal.aborted) return
  stop.abort()
  await starting.then((runtime) => runtime.close()).catch(() => undefined)
  process.exit(code)
}
