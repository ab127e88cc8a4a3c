import { join } from 'node:path'
import { messageOf } from '../replay/failure.ts'
import { parseArguments } from './arguments.ts'
import { checkLake } from './check.ts'
import { listErrors, resendErrors } from './delivery-errors.ts'
import { RepairFailure } from './failure.ts'
import { openPlaces } from './places.ts'

const project = join(import.meta.dirname, '..', '..')
const endpointsFile = join(project, '.local', 'endpoints.json')
const say = (line: string) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`)
const clear = () => process.stderr.isTTY && process.stderr.write('\r\x1b[K')

try {
  const { action, ...target } = parseArguments(process.argv.slice(2))
  const places = await openPlaces(target, endpointsFile)
  const report = await run(action, places)
  clear()
  process.stdout.write(report.text)
  process.exitCode = report.isWell ? 0 : 1
} catch (error) {
  clear()
  console.error(messageOf(error))
  process.exitCode = error instanceof RepairFailure ? error.exitCode : 1
}

function run(
  action: ReturnType<typeof parseArguments>['action'],
  places: Awaited<ReturnType<typeof openPlaces>>,
) {
  switch (action) {
    case 'check':
      return checkLake(places, { repairs: false, say })
    case 'repair':
      return checkLake(places, { repairs: true, say })
    case 'errors':
      return listErrors(places)
    case 'resend':
      return resendErrors(places, say)
  }
}
