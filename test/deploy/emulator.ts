import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

const project = join(import.meta.dirname, '..', '..')
/** Installed once; the version is the one that emulator.py is made for. */
const tools = join(project, '.ministack')
const requirement = 'ministack[full]==1.5.33'

export const account = '000000000000'
export const region = 'eu-west-1'

export interface Emulator {
  endpoint: string
  /** What it is trusted by, if it speaks TLS. */
  certificate: string | null
  /** For the SDK and the CDK's CLI. */
  environment: Record<string, string>
  /** Whatever it has said so far. */
  log(): string
  /** Who was refused what, as `session of a role, action`. */
  refused(): string[]
  /** The processes of a function that are running. */
  workers(functionName: string): number[]
  stop(): Promise<void>
}

/** @param enforced whether calls are refused that the caller's policies do not allow; then it speaks TLS */
export async function startEmulator({ enforced }: { enforced: boolean }): Promise<Emulator> {
  const python = install()
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-deploy-'))
  const work = join(directory, 'work')
  const temporary = join(work, 'tmp')
  mkdirSync(temporary, { recursive: true })
  // Its workers load what functions do not bundle from here, and are CommonJS.
  symlinkSync(join(project, 'node_modules'), join(work, 'node_modules'))
  writeFileSync(join(work, 'package.json'), '{"type":"commonjs"}')
  const port = await freePort()
  const scheme = enforced ? 'https' : 'http'
  const logFile = join(directory, 'emulator.log')
  const log = openSync(logFile, 'a')
  const node = join(project, 'node_modules', 'node', 'bin')
  const child = spawn(python, [join(import.meta.dirname, 'emulator.py')], {
    cwd: work,
    detached: true,
    // It ends when this pipe does, however whoever started it ends.
    stdio: ['pipe', log, log],
    env: {
      ...(enforced && { AUTH: 'true', USE_SSL: '1' }),
      PATH: `${node}:${process.env.PATH}`,
      HOME: directory,
      TMPDIR: temporary,
      NODE_PATH: join(work, 'node_modules'),
      NODE_NO_WARNINGS: '1',
      STATE_DIR: join(directory, 'state'),
      S3_DATA_DIR: join(directory, 's3'),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: 'localhost',
      MINISTACK_REGION: region,
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LOG_LEVEL: 'INFO',
    },
  })
  const readLog = () => readFileSync(logFile, 'utf8')
  await until('the emulator is ready', () => {
    if (child.exitCode !== null) throw new Error(`the emulator ended:\n${readLog().slice(-2_000)}`)
    return Promise.resolve(readLog().includes(`Running on ${scheme}://`))
  })
  const certificate = enforced ? join(temporary, 'ministack-tls', 'server.crt') : null
  const endpoint = `${scheme}://localhost:${port}`
  return {
    endpoint,
    certificate,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      // Another endpoint than Amazon's has no host name for each bucket.
      AWS_ENDPOINT_URL_S3: `${scheme}://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DEFAULT_ACCOUNT: account,
      CDK_DEFAULT_REGION: region,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      NODE_NO_WARNINGS: '1',
      ...(certificate && { NODE_EXTRA_CA_CERTS: certificate, AWS_CA_BUNDLE: certificate }),
    },
    log: readLog,
    refused: () => [...new Set([...readLog().matchAll(/refused: (.*)/g)].map(([, what = '']) => what))],
    workers: (functionName) => workersOf(child, functionName),
    async stop() {
      await end(child)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function install(): string {
  const python = join(tools, 'venv', 'bin', 'python')
  if (existsSync(join(tools, 'venv', 'bin', 'ministack'))) return python
  console.log(`installing ${requirement} into .ministack`)
  execFileSync('python3', ['-m', 'venv', join(tools, 'venv')], { stdio: 'inherit' })
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement]
  execFileSync(python, pip, { stdio: 'inherit' })
  return python
}

/** It gives each function a process of its own, with the function's environment. */
function workersOf({ pid }: ChildProcess, functionName: string): number[] {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return children
    .trim()
    .split(/\s+/)
    .map(Number)
    .filter((worker) => environmentOf(worker).includes(`AWS_LAMBDA_FUNCTION_NAME=${functionName}\0`))
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}

async function end(child: ChildProcess) {
  if (child.pid === undefined || child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  // The group, its workers too; what waits for a custom resource outlives a polite signal.
  process.kill(-child.pid, 'SIGKILL')
  await ended
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
