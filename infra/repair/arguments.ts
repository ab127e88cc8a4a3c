import { parseArgs } from 'node:util'
import { z } from 'zod'
import { messageOf } from '../replay/failure.ts'
import { RepairFailure } from './failure.ts'

export interface Asked {
  /** An account of AWS; undefined: the system on this machine. */
  profile: string | undefined
  region: string | undefined
}

const actionSchema = z.enum(['check', 'repair', 'errors', 'resend'])

const usage = `usage: npm run lake -- check|repair|errors|resend [--profile P [--region R]]
  check   compares the lake with the tables: every touchpoint, whose each node is, every journey
  repair  the same, and sends what is missing or different in the lake again
  errors  what could not be delivered to the lake, and why
  resend  sends that again`

export function parseArguments(given: string[]): Asked & { action: z.infer<typeof actionSchema> } {
  const { positionals, values } = parse(given)
  const action = actionSchema.safeParse(positionals[0])
  if (!action.success || positionals.length > 1)
    throw wrong(
      `expected one of ${actionSchema.options.join(', ')}, got ${positionals.join(' ') || 'nothing'}`,
    )
  if (values.region !== undefined && values.profile === undefined)
    throw wrong('--region is for AWS; name --profile too')
  return { action: action.data, profile: values.profile, region: values.region }
}

function parse(given: string[]) {
  try {
    const options = { profile: { type: 'string' }, region: { type: 'string' } } as const
    return parseArgs({ args: given, allowPositionals: true, options })
  } catch (error) {
    throw wrong(messageOf(error).replace(/\.? To specify.*$/, ''))
  }
}

const wrong = (problem: string) => new RepairFailure(`${problem}\n${usage}`, { exitCode: 2 })
