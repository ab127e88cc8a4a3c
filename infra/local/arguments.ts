import { parseArgs } from 'node:util'
import { z } from 'zod'

const usage = 'npm start -- [--fresh] [--port N] [--auth] [--demo [--rate N]]'

const portSchema = z
  .string()
  .regex(/^\d+$/)
  .transform(Number)
  // Others follow the API's port.
  .refine((port) => port <= 65_500)

const rateSchema = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number)
  .refine((rate) => rate >= 1 && rate <= 10_000)

/** The demo world is in after less than two minutes, and two cores have time for more. */
const usualRate = '100'

export type Arguments =
  | {
      kind: 'start'
      fresh: boolean
      port: number | undefined
      /** Whether callers need tokens. */
      auth: boolean
      demo: { perSecond: number } | undefined
    }
  | { kind: 'wrong'; message: string }

export function parseArguments(given: string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        fresh: { type: 'boolean', default: false },
        port: { type: 'string' },
        auth: { type: 'boolean', default: false },
        demo: { type: 'boolean', default: false },
        rate: { type: 'string' },
      },
    })
    const port = portSchema.optional().safeParse(values.port)
    if (!port.success) return wrong(`--port wants a number from 0 to 65500, not ${values.port}`)
    if (values.rate !== undefined && !values.demo)
      return wrong('--rate is how fast --demo streams; give both')
    if (values.auth && values.demo) return wrong('--demo asks the API without a token; leave out --auth')
    const rate = rateSchema.safeParse(values.rate ?? usualRate)
    if (!rate.success) return wrong(`--rate wants a number from 1 to 10000, not ${values.rate}`)
    const demo = values.demo ? { perSecond: rate.data } : undefined
    return { kind: 'start', fresh: values.fresh, port: port.data, auth: values.auth, demo }
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
}

function wrong(problem: string): Arguments {
  const [line = ''] = problem.split('\n')
  return { kind: 'wrong', message: `${line.replace(/\.? To specify.*$/, '')} (usage: ${usage})` }
}
