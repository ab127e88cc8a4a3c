import * as z from 'zod'
import { baseSchema, type Ledger } from '../journey/fold-state.ts'
import { journeySchema } from '../journey/journey.ts'
import { orderSchema } from '../journey/order.ts'
import { string } from '../runtime/fields.ts'
import { keysByOrder } from './by-order.ts'
import {
  type CheckpointWrite,
  checkpointStatement,
  type Failure,
  groupsOf,
  parseCheckpoint,
  type Row,
  rowItem,
  transactGroup,
} from './checkpoint.ts'
import {
  batchExecute,
  batchGet,
  gathered,
  type Item,
  insertStatement,
  queryRange,
  type SortRange,
  type Table,
  text,
  textOf,
} from './dynamodb.ts'
import { checkpointItem, journeySort, type Key, orderSort, personPartition, refundSort } from './keys.ts'
import { unpackedText } from './packed.ts'

export type JourneyStore = ReturnType<typeof createJourneyStore>

export function createJourneyStore(table: Table) {
  const readTogether = gathered(table)
  return {
    checkpoints: async (personIds: readonly string[], consistent: boolean) => {
      const items = await batchGet(table, personIds.map(checkpointItem), consistent)
      return new Map(items.map(parseCheckpoint).map((checkpoint) => [checkpoint.personId, checkpoint]))
    },
    /** Who may have bought this order, as of up to a second ago: whether it still is theirs, its row tells. */
    personsByOrder: async (orderId: string): Promise<string[]> => {
      const keys = await keysByOrder(table, orderId)
      return [...new Set(keys.map(({ pk }) => pk.slice(personPartition('').length)))]
    },
    /** The rows of these keys that exist. */
    rows: async (personId: string, sks: readonly string[]): Promise<Row[]> => {
      const keys = sks.map((sk): Key => ({ pk: personPartition(personId), sk }))
      return (await readTogether(keys)).map(parseRow)
    },
    /** All rows whose sort key lies between two, both included. */
    rowsBetween: (personId: string, from: string, to: string) => queryRows(table, personId, { from, to }),
    /** The first or last so many of them, in that direction. */
    someRowsBetween: (
      personId: string,
      from: string,
      to: string,
      page: { backwards: boolean; limit: number },
    ) => queryRows(table, personId, { from, to, ...page }),
    /**
     * Writes checkpoints, each with its changes in one step or not at all.
     * @returns the persons of whom nothing was written, and why
     */
    commit: async (writes: readonly CheckpointWrite[]): Promise<Map<string, Failure>> => {
      const alone = writes.filter(({ changes }) => changes.length === 0)
      const together = writes.filter(({ changes }) => changes.length > 0)
      const outcomes = await batchExecute(
        table,
        alone.map((write) => checkpointStatement(table, write)),
      )
      const failed = alone.flatMap(({ checkpoint }, index): [string, Failure][] => {
        const outcome = outcomes[index]
        if (outcome === 'done') return []
        return [[checkpoint.personId, outcome === 'invalid' ? 'invalid' : 'conflict']]
      })
      const others = await Promise.all(groupsOf(together).map((group) => transactGroup(table, group)))
      return new Map([...failed, ...others.flatMap((some) => [...some])])
    },
    /** Inserts rows of a generation that nobody reads yet. */
    insertRows: async (personId: string, rows: readonly Row[]): Promise<void> => {
      await batchExecute(
        table,
        rows.map((row) => insertStatement(table, rowItem(personId, row))),
      )
    },
    deleteRows: async (personId: string, sks: readonly string[]): Promise<void> => {
      const statements = sks.map((sk) => ({
        Statement: `DELETE FROM "${table.name}" WHERE pk=? AND sk=?`,
        Parameters: [text(personPartition(personId)), text(sk)],
      }))
      await batchExecute(table, statements)
    },
  }
}

async function queryRows(
  table: Table,
  personId: string,
  range: Pick<SortRange, 'from' | 'to' | 'backwards' | 'limit'>,
): Promise<Row[]> {
  const items = queryRange(table, { pk: personPartition(personId), consistent: true, ...range })
  return (await Array.fromAsync(items)).map(parseRow)
}

/** Puts rows of a generation into a ledger. */
export function readIntoLedger(rows: readonly Row[], generation: string, ledger: Ledger): void {
  for (const { sk, data, base } of rows) {
    const kind = sk.slice(generation.length + 1, generation.length + 2)
    if (kind === 'J') {
      const start = sk.slice(journeySort(generation, '').length)
      if (data) ledger.journeys.set(start, journeySchema.parse(JSON.parse(data)))
      if (base) ledger.bases.set(start, baseSchema.parse(JSON.parse(base)))
    } else if (kind === 'O' && data) {
      const order = orderSchema.parse(JSON.parse(data))
      ledger.orders.set(order.orderId, order)
    } else if (kind === 'R' && data) {
      const refund = refundSchema.parse(JSON.parse(data))
      ledger.refunds.set(refund.refundId, refund)
    }
  }
}

const refundSchema = z.object({ refundId: string, first: string })

/** The rows that a ledger is stored as. */
export function ledgerRows(ledger: Ledger, generation: string): Row[] {
  const journeys = [...ledger.journeys].map(([start, journey]): Row => {
    const base = ledger.bases.get(start)
    const data = JSON.stringify(journey)
    return { sk: journeySort(generation, start), data, ...(base && { base: JSON.stringify(base) }) }
  })
  const orders = [...ledger.orders].map(([orderId, order]) => ({
    sk: orderSort(generation, orderId),
    data: JSON.stringify(order),
    ...(order.at !== null && { orderId }),
  }))
  const refunds = [...ledger.refunds].map(([refundId, refund]) => ({
    sk: refundSort(generation, refundId),
    data: JSON.stringify(refund),
  }))
  return [...journeys, ...orders, ...refunds]
}

export function parseRow(item: Item): Row {
  return {
    sk: textOf(item, 'sk'),
    ...(item.d && { data: unpackedText(item.d) }),
    ...(item.b && { base: unpackedText(item.b) }),
  }
}
