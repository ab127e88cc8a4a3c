import { join } from 'node:path'
import { analysisNamed } from '../../functions/analytics/request.ts'
import { AthenaFailure } from '../athena/failure.ts'
import { findTarget } from '../athena/target.ts'
import { messageOf } from '../replay/failure.ts'
import { parseArguments } from './arguments.ts'
import { type EndedRun, runExecution } from './execution.ts'
import { createProgress } from './progress.ts'
import { reportOf } from './report.ts'
import { createStates } from './states.ts'

const endpointsFile = join(import.meta.dirname, '..', '..', '.local', 'endpoints.json')
const abort = new AbortController()
process.once('SIGINT', () => abort.abort())
// Whoever reads has seen enough.
process.stdout.on('error', () => process.exit(0))
const progress = createProgress(process.stderr)

try {
  const { request, profile, region } = parseArguments(process.argv.slice(2))
  const place = { profile, region, workGroup: undefined, database: undefined }
  const target = await findTarget(place, endpointsFile)
  const states = await createStates(place, endpointsFile)
  const ended: EndedRun[] = []
  await runExecution(states, request, {
    signal: abort.signal,
    watcher: {
      said: (analysis, message) => progress.line(`${analysis}: ${message}`),
      reached: (analysis, statements) => progress.show(`${analysis}: statement ${statements + 1}`),
      ended: (run) => void ended.push(run),
    },
  })
  progress.clear()
  for (const run of ended) {
    const analysis = analysisNamed(run.analysis)
    console.log(`\n${run.analysis}: ${run.status}${run.reason === null ? '' : `: ${run.reason}`}`)
    if (run.status !== 'succeeded') process.exitCode = 1
    else for (const line of await reportOf(run, analysis, { target, signal: abort.signal })) console.log(line)
  }
} catch (error) {
  progress.clear()
  console.error(messageOf(error))
  process.exitCode = error instanceof AthenaFailure ? error.exitCode : 1
}
