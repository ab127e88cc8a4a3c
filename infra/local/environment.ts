import { randomUUID } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { FunctionResource } from './system.ts'

export type InvocationResult =
  | { kind: 'result'; result: unknown; printed: string[] }
  | { kind: 'error'; message: string }

/** One execution environment of a function. */
export interface Environment {
  /** One at a time. */
  invoke(payload: string): Promise<InvocationResult>
  /** After a crash or a timeout it takes no more invocations. */
  isBroken(): boolean
  close(): Promise<void>
}

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('result'), requestId: z.string(), result: z.string() }),
  z.object({ kind: z.literal('error'), requestId: z.string(), message: z.string() }),
])

export interface EnvironmentOptions {
  lambda: FunctionResource
  variables: Record<string, string>
  log(text: string): void
}

export function createEnvironment({ lambda, variables, log }: EnvironmentOptions): Environment {
  const { Timeout, MemorySize } = lambda.properties
  const timeoutMs = Timeout * 1000
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    env: variables,
    stdout: true,
    stderr: true,
    execArgv: [],
    workerData: {
      module: lambda.module,
      handler: lambda.handler,
      functionName: lambda.name,
      functionArn: lambda.arn,
      memoryMb: MemorySize,
    },
  })
  let broken = false
  let running: ((result: InvocationResult) => void) | undefined
  let printed = ''
  const ready = Promise.withResolvers<void>()
  // Who waits for it sees the failure; nobody may be waiting.
  ready.promise.catch(() => undefined)

  worker.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    log(text)
  })
  worker.stderr.setEncoding('utf8').on('data', log)
  worker.on('message', (message: unknown) => {
    const parsed = messageSchema.parse(message)
    if (parsed.kind === 'ready') ready.resolve()
    if (parsed.kind === 'error') end(parsed)
    if (parsed.kind === 'result') {
      const result: unknown = JSON.parse(parsed.result)
      end({ kind: 'result', result, printed: printed.split('\n') })
    }
  })
  worker.on('error', (error) => fail(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  worker.on('exit', (code) => fail(`The function's worker ended with code ${code}`))

  function end(result: InvocationResult) {
    const done = running
    running = undefined
    printed = ''
    done?.(result)
  }

  function fail(message: string) {
    if (!broken) log(`${message}\n`)
    broken = true
    ready.reject(new Error(message))
    end({ kind: 'error', message })
  }

  return {
    async invoke(payload) {
      const finished = Promise.withResolvers<InvocationResult>()
      if (broken) return { kind: 'error', message: 'The environment is broken' }
      running = finished.resolve
      // Loading the bundle has its own time on Lambda.
      const loaded = await ready.promise.then(
        () => true,
        () => false,
      )
      if (!loaded) return finished.promise
      const timer = setTimeout(() => {
        fail(`Task timed out after ${Timeout.toFixed(2)} seconds`)
        void worker.terminate()
      }, timeoutMs)
      worker.postMessage({ requestId: randomUUID(), payload, deadlineMs: Date.now() + timeoutMs })
      return finished.promise.finally(() => clearTimeout(timer))
    },
    isBroken: () => broken,
    async close() {
      broken = true
      await worker.terminate()
    },
  }
}
