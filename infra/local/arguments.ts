import { parseArgs } from 'node:util'
import { z } from 'zod'

const usage = 'npm start -- [--fresh] [--port N]'

const portSchema = z
  .string()
  .regex(/^\d+$/)
  .transform(Number)
  // Others follow the API's port.
  .refine((port) => port <= 65_500)

export type Arguments =
  | { kind: 'start'; fresh: boolean; port: number | undefined }
  | { kind: 'wrong'; message: string }

export function parseArguments(given: string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: given,
      options: { fresh: { type: 'boolean', default: false }, port: { type: 'string' } },
    })
    const port = portSchema.optional().safeParse(values.port)
    if (port.success) return { kind: 'start', fresh: values.fresh, port: port.data }
    return wrong(`--port wants a number from 0 to 65500, not ${values.port}`)
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
}

function wrong(problem: string): Arguments {
  const [line = ''] = problem.split('\n')
  return { kind: 'wrong', message: `${line.replace(/\.? To specify.*$/, '')} (usage: ${usage})` }
}
