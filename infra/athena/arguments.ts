import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '../replay/failure.ts'
import { AthenaFailure } from './failure.ts'

export interface Arguments {
  sql: string
  /** For files and pipes instead of eyes. */
  csv: boolean
  /** An account of AWS; undefined: the system on this machine. */
  profile: string | undefined
  region: string | undefined
  workGroup: string | undefined
  database: string | undefined
}

const usage =
  'usage: npm run athena -- "select …"|@FILE.sql|- [--csv] [--database D] [--workgroup W] [--profile P [--region R]]'

const standardInput = 0

export function parseArguments(given: string[]): Arguments {
  const { positionals, values } = parse(given)
  const [statement, ...others] = positionals
  if (statement === undefined || others.length > 0)
    throw wrong(`expected one statement, got ${positionals.length}; put it in quotes`)
  if (values.region !== undefined && values.profile === undefined)
    throw wrong('--region is for AWS; name --profile too')
  const { csv, profile, region, workgroup: workGroup, database } = values
  return { sql: statementFrom(statement), csv, profile, region, workGroup, database }
}

function parse(given: string[]) {
  try {
    return parseArgs({
      args: given,
      allowPositionals: true,
      options: {
        csv: { type: 'boolean', default: false },
        database: { type: 'string' },
        workgroup: { type: 'string' },
        profile: { type: 'string' },
        region: { type: 'string' },
      },
    })
  } catch (error) {
    throw wrong(messageOf(error).replace(/\.? To specify.*$/, ''))
  }
}

function statementFrom(given: string): string {
  if (given !== '-' && !given.startsWith('@')) return given
  // npm runs scripts in the project's directory and keeps in INIT_CWD where it was called.
  const file = given === '-' ? standardInput : resolve(process.env.INIT_CWD ?? '.', given.slice(1))
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AthenaFailure(
      `${given === '-' ? 'standard input' : file} cannot be read: ${messageOf(cause)}`,
      { cause },
    )
  }
}

function wrong(problem: string): AthenaFailure {
  return new AthenaFailure(`${problem} (${usage})`, { exitCode: 2 })
}
