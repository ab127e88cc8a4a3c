import { parseArgs } from 'node:util'
import { messageOf, ReplayFailure } from './failure.ts'

const formats = ['native', 'cloudevents', 'segment', 'online-retail', 'ecom-csv'] as const

export type Format = (typeof formats)[number]

/** A stream of the account whose credentials the environment has; undefined is the system on this machine. */
export type RemoteStream = { stream: string; region: string }

export type Arguments = { file: string; format: Format; ordered: boolean; remote: RemoteStream | undefined }

const usage = `usage: npm run replay -- FILE --format ${formats.join('|')} [--ordered] [--stream NAME --region R]`

export function parseArguments(given: string[]): Arguments {
  const { positionals, values } = parse(given)
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw wrong(`expected one file, got ${positionals.length}`)

  const format = formats.find((known) => known === values.format)
  if (format === undefined) throw wrong(`there is no format ${values.format}`)
  const { stream, region } = values
  if ((stream === undefined) !== (region === undefined)) throw wrong('--stream and --region go together')
  const remote = stream !== undefined && region !== undefined ? { stream, region } : undefined
  return { file, format, ordered: values.ordered, remote }
}

function parse(given: string[]) {
  try {
    return parseArgs({
      args: given,
      allowPositionals: true,
      options: {
        format: { type: 'string', default: 'native' },
        ordered: { type: 'boolean', default: false },
        stream: { type: 'string' },
        region: { type: 'string' },
      },
    })
  } catch (error) {
    throw wrong(messageOf(error).replace(/\.? To specify.*$/, ''))
  }
}

function wrong(problem: string): ReplayFailure {
  return new ReplayFailure(`${problem} (${usage})`, { exitCode: 2 })
}
