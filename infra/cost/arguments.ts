import { parseArgs } from 'node:util'
import { type ProfileName, profiles } from '../profiles.ts'

export interface Arguments {
  eventsPerSecond: number
  profile: ProfileName
}

/** Something to be put right in the command; its message is all that is shown. */
export class WrongArguments extends Error {}

const usage = `usage: npm run cost -- --events-per-second N --profile ${Object.keys(profiles).join('|')}`

export function parseArguments(given: string[]): Arguments {
  const values = parse(given)
  const eventsPerSecond = Number(values['events-per-second'])
  if (!(eventsPerSecond > 0 && eventsPerSecond <= 100_000))
    throw new WrongArguments(`--events-per-second takes a number above 0 and up to 100,000 (${usage})`)
  const { profile } = values
  if (!isProfile(profile)) throw new WrongArguments(`there is no profile ${profile} (${usage})`)
  return { eventsPerSecond, profile }
}

function parse(given: string[]) {
  try {
    return parseArgs({
      args: given,
      options: {
        'events-per-second': { type: 'string', default: '100' },
        profile: { type: 'string', default: 'small' },
      },
    }).values
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n')
    throw new WrongArguments(`${line.replace(/\.? To specify.*$/, '')} (${usage})`)
  }
}

const isProfile = (name: string): name is ProfileName => Object.hasOwn(profiles, name)
