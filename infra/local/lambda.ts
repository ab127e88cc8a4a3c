import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createEnvironment, type Environment, type InvocationResult } from './environment.ts'
import type { FunctionResource } from './system.ts'

export interface LambdaOptions {
  lambda: FunctionResource
  /** Beside those of the template. */
  variables: Record<string, string>
  logDirectory: string
}

/** A function with as many environments as are asked for at once, within limits. */
export interface Lambda {
  invoke(payload: string): Promise<InvocationResult>
  close(): Promise<void>
}

const mostEnvironments = 4

/** Lambda's limit for the payload of an invocation. */
export const maxPayloadBytes = 6 * 1024 * 1024

export function createLambda({ lambda, variables, logDirectory }: LambdaOptions): Lambda {
  const logFile = createWriteStream(join(logDirectory, `${lambda.id}.log`), { flags: 'a' })
  const free: Environment[] = []
  const waiting: ((environment: Environment) => void)[] = []
  const all = new Set<Environment>()
  let closed = false

  function open() {
    const environment = createEnvironment({
      lambda,
      variables: environmentVariables(lambda, variables),
      log: (text) => {
        if (!closed) logFile.write(text)
      },
    })
    all.add(environment)
    return environment
  }

  function acquire(): Promise<Environment> {
    for (let next = free.pop(); next; next = free.pop()) {
      if (!next.isBroken()) return Promise.resolve(next)
      all.delete(next)
    }
    if (all.size < mostEnvironments) return Promise.resolve(open())
    return new Promise((resolve) => waiting.push(resolve))
  }

  function release(environment: Environment) {
    if (environment.isBroken()) all.delete(environment)
    const next = waiting.shift()
    const usable = environment.isBroken() ? undefined : environment
    // Once closed, who waits gets the broken one and with it an error.
    if (next) next(usable ?? (closed ? environment : open()))
    else if (usable) free.push(usable)
  }

  // The first is there before anybody asks: no cold start on one machine.
  free.push(open())

  return {
    async invoke(payload) {
      if (closed) return { kind: 'error', message: 'The runtime is stopping' }
      const environment = await acquire()
      const result = await environment.invoke(payload)
      release(environment)
      return result
    },
    async close() {
      closed = true
      await Promise.all([...all].map((environment) => environment.close()))
      await new Promise<void>((resolve) => logFile.end(resolve))
    },
  }
}

function environmentVariables(lambda: FunctionResource, variables: Record<string, string>) {
  return {
    AWS_LAMBDA_FUNCTION_NAME: lambda.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.properties.MemorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    ...variables,
    ...lambda.properties.Environment.Variables,
  }
}
