import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

export type Counter = 'accepted' | 'duplicate' | 'quarantined'

const checkpointRow = z.object({ sequence: z.string().nullable(), finished: z.number() }).optional()
const handledRow = z.object({ readers: z.number(), sequence: z.number().nullable() })
const counterRow = z.object({ value: z.number() }).optional()

/** What the runtime itself remembers: how far each reader of a shard is, and the counters. */
export function openState(directory: string) {
  const db = new DatabaseSync(join(directory, 'state.db'))
  // A commit survives the end of this process, also a sudden one; only a power cut may undo the last.
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists checkpoint (
      reader text, shard text, sequence text, finished integer not null default 0,
      primary key (reader, shard)
    ) without rowid;
    create table if not exists counter (name text primary key, value integer not null) without rowid;
  `)
  const select = db.prepare('select sequence, finished from checkpoint where reader = ? and shard = ?')
  const save = db.prepare(`
    insert into checkpoint (reader, shard, sequence) values (?, ?, ?)
    on conflict do update set sequence = excluded.sequence`)
  const handled = db.prepare(`
    select count(*) as readers, min(cast(sequence as integer)) as sequence from checkpoint
    where shard like '%-' || ? and sequence is not null`)
  const finish = db.prepare(`
    insert into checkpoint (reader, shard, finished) values (?, ?, 1)
    on conflict do update set finished = 1`)
  const add = db.prepare(`
    insert into counter (name, value) values (?, ?)
    on conflict do update set value = value + excluded.value`)
  const value = db.prepare('select value from counter where name = ?')

  return {
    checkpoint(reader: string, shard: string) {
      const row = checkpointRow.parse(select.get(reader, shard))
      return { after: row?.sequence ?? undefined, finished: row?.finished === 1 }
    },
    saveCheckpoint(reader: string, shard: string, sequence: string) {
      save.run(reader, shard, sequence)
    },
    /** How far all so many readers of a table's stream are; undefined if one has not begun. */
    handledByAll(tableName: string, readers: number) {
      const row = handledRow.parse(handled.get(tableName))
      return row.readers >= readers ? (row.sequence ?? undefined) : undefined
    },
    finishShard(reader: string, shard: string) {
      finish.run(reader, shard)
    },
    count(counter: Counter, by: number) {
      if (by > 0) add.run(counter, by)
    },
    counter(name: Counter) {
      return counterRow.parse(value.get(name))?.value ?? 0
    },
    /** All of it or nothing, also if the process is killed meanwhile. */
    atomically(change: () => void) {
      db.exec('begin immediate')
      try {
        change()
        db.exec('commit')
      } catch (error) {
        db.exec('rollback')
        throw error
      }
    },
    close: () => db.close(),
  }
}

export type State = ReturnType<typeof openState>
