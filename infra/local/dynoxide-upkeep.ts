import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { State } from './state.ts'
import type { System } from './system.ts'

/**
 * Dynoxide 1.2.1 keeps the records of its streams for good and looks through all of them with every write and every
 * read: at 10,000 a write takes 12 ms. So they are indexed, and dropped when all who read them are done, where
 * DynamoDB drops them after a day.
 */
export function indexStreamRecords(databaseFile: string) {
  const database = openDatabase(databaseFile)
  try {
    database.exec(`
      create index if not exists stream_by_sequence
        on _stream_records (table_name, cast(sequence_number as integer));
      create index if not exists stream_by_shard
        on _stream_records (table_name, shard_id, cast(sequence_number as integer));
      create index if not exists stream_by_shard_text
        on _stream_records (table_name, shard_id, sequence_number);
    `)
  } finally {
    database.close()
  }
}

const everyMs = 1_000
/** Few enough that Dynoxide hardly waits. */
const droppedAtOnce = 2_000

/** Drops stream records that every reader of their table has handled, now and then; returns how to end that. */
export function trimStreams(
  { system, state, onError }: { system: System; state: State; onError: (error: unknown) => void },
  directory: string,
): () => void {
  const databaseFile = join(directory, 'dynamodb.db')
  if (!existsSync(databaseFile)) return () => undefined
  const database = openDatabase(databaseFile)
  // The last one stays: the next sequence number is counted from it.
  const drop = database.prepare(`
    delete from _stream_records where id in (
      select id from _stream_records
      where table_name = ? and cast(sequence_number as integer) < ?
      order by cast(sequence_number as integer) limit ${droppedAtOnce}
    )`)
  const latest = database.prepare(
    'select max(cast(sequence_number as integer)) as last from _stream_records where table_name = ?',
  )
  const timer = setInterval(() => {
    try {
      for (const { name, arn, id } of system.tables) {
        const mappings = system.eventSources.filter(({ properties }) =>
          properties.EventSourceArn.startsWith(`${arn}/stream/`),
        )
        const readers = mappings.length + (id === 'touchpoints' ? 1 : 0)
        const handled = readers === 0 ? latest.get(name)?.last : state.handledByAll(name, readers)
        if (typeof handled === 'number') drop.run(name, handled)
      }
    } catch (error) {
      onError(error)
    }
  }, everyMs)
  timer.unref()
  return () => {
    clearInterval(timer)
    database.close()
  }
}

function openDatabase(databaseFile: string) {
  const database = new DatabaseSync(databaseFile)
  database.exec('pragma busy_timeout = 5000')
  return database
}
