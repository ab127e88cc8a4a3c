import { join, resolve } from 'node:path'
import { parseArguments } from './arguments.ts'
import { ReplayFailure } from './failure.ts'
import { createProgress } from './progress.ts'
import { replay } from './replay.ts'

const endpointsFile = join(import.meta.dirname, '..', '..', '.local', 'endpoints.json')
const progress = createProgress(process.stderr, () => performance.now())

try {
  const given = parseArguments(process.argv.slice(2))
  // npm runs scripts in the project's directory and keeps in INIT_CWD where it was called.
  const file = resolve(process.env.INIT_CWD ?? '.', given.file)
  const report = await replay({ ...given, file }, { endpointsFile, progress })
  progress.clear()
  process.stdout.write(report)
} catch (error) {
  if (!(error instanceof ReplayFailure)) throw error
  progress.clear()
  console.error(error.message)
  process.exitCode = error.exitCode
}
