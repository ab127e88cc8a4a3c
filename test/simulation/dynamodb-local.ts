import { chooseEngine } from '../../infra/local/dynamodb-engine.ts'
import { type Server, startServer } from './server.ts'

/** The part of the local system's command line that says which program this is; undefined without Java 17. */
function findProgram(): string[] | undefined {
  try {
    const command = chooseEngine({ port: 0, directory: '', engine: 'local' })
    return command.slice(0, command.indexOf('-jar') + 2)
  } catch {
    return undefined
  }
}

const program = findProgram()
export const hasDynamoDBLocal = program !== undefined

/** Amazon's DynamoDB Local, empty and in memory. */
export function startDynamoDBLocal(): Promise<Server> {
  const [java, ...parameters] = program ?? []
  if (java === undefined) throw new Error('DynamoDB Local needs Java 17 or later')
  // It lives for seconds: what the second compiler and several collectors gain comes too late.
  const brief = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
  return startServer(java, (port) => [
    ...brief,
    ...parameters,
    '-disableTelemetry',
    '-inMemory',
    '-sharedDb',
    '-port',
    String(port),
  ])
}
