import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { liveWithParent, tellParentReady } from './child-life.ts'
import { indexStreamRecords } from './dynoxide-upkeep.ts'
import { host } from './ports.ts'

// Dynoxide and DynamoDB Local cannot tell that whoever started them is gone; this process can.

const [port, pidFile, command, ...parameters] = z
  .tuple([z.coerce.number(), z.string(), z.string()], z.string())
  .parse(process.argv.slice(2))

const engine = spawn(command, parameters, { stdio: ['ignore', 'inherit', 'inherit'] })
if (engine.pid) writeFileSync(pidFile, String(engine.pid))
engine.once('error', (error) => {
  console.error(error)
  process.exit(1)
})
engine.once('exit', (code) => {
  rmSync(pidFile, { force: true })
  process.exit(code ?? 1)
})
liveWithParent(() => engine.kill('SIGKILL'))

while (!(await answers())) await delay(10)
const databaseFile = parameters[parameters.indexOf('--db-path') + 1]
if (parameters.includes('--db-path') && databaseFile) indexStreamRecords(databaseFile)
tellParentReady()

async function answers() {
  try {
    await fetch(`http://${host}:${port}/`)
    return true
  } catch {
    return false
  }
}
