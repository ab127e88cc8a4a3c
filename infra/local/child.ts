import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'

export interface ChildOptions {
  /** A file of this directory. */
  script: string
  name: string
  arguments: string[]
  logDirectory: string
  env?: Record<string, string>
  onExit(message: string): void
}

export interface Child {
  /** Resolves when the child says that it listens; fails when it ends before. */
  ready: Promise<void>
  close(): Promise<void>
}

const patienceMs = 3_000

/** Starts a server of this runtime in a process of its own, which ends when the channel to it closes. */
export function startChild(options: ChildOptions): Child {
  const logFile = createWriteStream(join(options.logDirectory, `${options.name}.log`), { flags: 'a' })
  const child = fork(join(import.meta.dirname, options.script), options.arguments, {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  child.stdout?.pipe(logFile, { end: false })
  child.stderr?.pipe(logFile, { end: false })
  let closing = false
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => undefined)
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      const message = `${options.name} ended (${signal ?? `code ${code}`}); see ${logFile.path}`
      ready.reject(new Error(message))
      if (!closing) options.onExit(message)
      logFile.end()
      resolve()
    })
  })
  child.once('message', () => ready.resolve())
  return {
    ready: ready.promise,
    async close() {
      closing = true
      await stop(child, exited)
    },
  }
}

async function stop(child: ChildProcess, exited: Promise<void>) {
  if (child.exitCode !== null || child.signalCode !== null) return exited
  if (child.connected) child.disconnect()
  const killer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await exited
  clearTimeout(killer)
}
