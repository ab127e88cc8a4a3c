import * as z from 'zod'
import {
  batchExecute,
  chunked,
  type Item,
  insertStatement,
  keyAttributes,
  queryRange,
  type Table,
  text,
  textOf,
} from './dynamodb.ts'
import { type Key, lastTimerSort, timerItem, timerPartitions } from './keys.ts'
import { packedText, unpackedText } from './packed.ts'

/** When to look at these persons: minutes since 1970. */
export type Timer = { minute: number; personIds: readonly string[] }
export type StoredTimer = Pick<Timer, 'personIds'> & { key: Key }

export type TimerStore = ReturnType<typeof createTimerStore>

const personsPerTimer = 200
const timersAtOnce = 25
const personIdsSchema = z.array(z.string())

/** Timers of persons, many of them in one item: what a batch sets for the same minute. */
export function createTimerStore(table: Table, newId: () => string) {
  return {
    set: async (timers: readonly Timer[]): Promise<void> => {
      const items = timers.flatMap(({ minute, personIds }) =>
        chunked(personIds, personsPerTimer).map((some): Item => {
          const key = keyAttributes(timerItem(new Date(minute * 60_000), newId()))
          return { ...key, p: packedText(JSON.stringify(some)) }
        }),
      )
      await batchExecute(
        table,
        items.map((item) => insertStatement(table, item)),
      )
    },
    /** Those that are due, some at a time. Their partitions hold nothing that lies further back, so none is scanned. */
    async *due(now: Date): AsyncGenerator<StoredTimer[]> {
      for (const pk of timerPartitions) {
        let some: StoredTimer[] = []
        for await (const item of queryRange(table, {
          pk,
          from: '0',
          to: lastTimerSort(now),
          consistent: true,
        })) {
          some.push(parseTimer(item))
          if (some.length < timersAtOnce) continue
          yield some
          some = []
        }
        if (some.length > 0) yield some
      }
    },
    remove: async (timers: readonly StoredTimer[]): Promise<void> => {
      const statements = timers.map(({ key }) => ({
        Statement: `DELETE FROM "${table.name}" WHERE pk=? AND sk=?`,
        Parameters: [text(key.pk), text(key.sk)],
      }))
      await batchExecute(table, statements)
    },
  }
}

function parseTimer(item: Item): StoredTimer {
  const key = { pk: textOf(item, 'pk'), sk: textOf(item, 'sk') }
  return { key, personIds: personIdsSchema.parse(JSON.parse(unpackedText(item.p))) }
}
