import { profiles } from '../profiles.ts'
import { parseArguments, WrongArguments } from './arguments.ts'
import { asBuilt } from './load.ts'
import { reportOf } from './report.ts'

try {
  const { eventsPerSecond, profile } = parseArguments(process.argv.slice(2))
  const demand = { eventsPerSecond, scale: profiles[profile], build: asBuilt }
  console.log(`Profile ${profile} at ${eventsPerSecond} events a second around the clock:`)
  for (const line of reportOf(demand)) console.log(line)
} catch (error) {
  if (!(error instanceof WrongArguments)) throw error
  console.error(error.message)
  process.exitCode = 2
}
