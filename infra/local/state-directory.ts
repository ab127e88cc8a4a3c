import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { endLeftoverEngine } from './dynamodb-engine.ts'
import { lockDirectory } from './lock.ts'
import { enginePidFile } from './servers.ts'

const lockFiles = /^lock\.db/

/** Takes the directory for this runtime alone, rid of what a killed one left running. */
export async function takeDirectory(directory: string, { fresh }: { fresh: boolean }) {
  mkdirSync(directory, { recursive: true })
  const lock = lockDirectory(directory)
  try {
    await endLeftoverEngine(enginePidFile(directory), directory)
    const outdated = fresh
      ? readdirSync(directory).filter((name) => !lockFiles.test(name))
      : ['endpoints.json']
    for (const name of outdated) rmSync(join(directory, name), { recursive: true, force: true })
    const logDirectory = join(directory, 'logs')
    mkdirSync(logDirectory, { recursive: true })
    return { logDirectory, release: () => lock.release() }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Where the runtime itself writes what goes wrong while it retries. */
export function openErrorLog(logDirectory: string) {
  const file = createWriteStream(join(logDirectory, 'runtime.log'), { flags: 'a' })
  return {
    write: (error: unknown) => void file.write(`${new Date().toISOString()} ${inspect(error)}\n`),
    close: () => new Promise<void>((resolve) => file.end(resolve)),
  }
}
