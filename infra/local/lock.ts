import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Holds the state directory for one runtime. The operating system lets go of a SQLite lock when its process
 * ends, however it ends, so there is nothing to clean up after a kill.
 */
export function lockDirectory(directory: string): { release(): void } {
  const db = new DatabaseSync(join(directory, 'lock.db'))
  try {
    db.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (cause) {
    db.close()
    throw new Error(`omnijourney already runs on ${directory}. Stop it before you start another.`, { cause })
  }
  return { release: () => db.close() }
}
