import {
  type DynamoDBClient,
  type ServiceOutputTypes,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { createClient } from './client.ts'
import { countOf, execute } from './execute.ts'
import { tableNotFound, tokenReused } from './failure.ts'
import { type Chance, calm, createMeter, type Parts, type Request, type Units } from './request.ts'
import { createStream, type Stream } from './stream.ts'
import { createTable, type Table, type TableShape } from './table.ts'
import { repeatedTransaction } from './transaction.ts'
import type { Item } from './value.ts'

export type LogEntry = {
  worker: string
  command: string
  /** Items or statements that the request names. */
  count: number
  /** What it has cost, by table, its index included. */
  units: Record<string, Units>
  /** What of it is that of the index. */
  indexUnits: Record<string, Units>
}

export type Call = { worker: string; command: string; about(): string }

/** Decides when a request is answered, with what luck, and whether the answer arrives. */
export type Admission = { admit<T>(call: Call, answer: (chance: Chance) => Parts<T>): Promise<T> }

export type SimulatedDynamoDB = {
  client(worker: string): DynamoDBClient
  stream(table: string): Stream
  /** All items of a table, partition by partition, each in the order of its sort key. */
  items(table: string): Item[]
  log: LogEntry[]
}

export type SimulationOptions = {
  tables: Record<string, TableShape>
  admission?: Admission
  /** How many of the latest changes of a partition an eventually consistent read may miss. */
  keptChanges?: number
  now?: () => number
}

export function createSimulatedDynamoDB(options: SimulationOptions): SimulatedDynamoDB {
  const { admission, keptChanges = admission ? 8 : 0, now = () => 0 } = options
  const streams = new Map(Object.keys(options.tables).map((name) => [name, createStream(name)]))
  const tables = new Map<string, Table>()
  for (const [name, shape] of Object.entries(options.tables)) {
    tables.set(name, createTable({ name, shape, keptChanges, stream: existing(streams, name), now }))
  }
  const tokens = new Map<string, string>()
  const log: LogEntry[] = []
  let sends = 0

  function* answer(
    call: Call,
    command: object,
    token: string | undefined,
    chance: Chance,
  ): Parts<ServiceOutputTypes> {
    const meter = createMeter()
    const request: Request = { table: (name = '') => existing(tables, name), meter, chance }
    const { worker, command: name } = call
    const units = { units: meter.byTable(), indexUnits: meter.ofIndexes() }
    log.push({ worker, command: name, count: countOf(command), ...units })
    if (token === undefined || !(command instanceof TransactWriteItemsCommand))
      return yield* execute(request, command)
    const content = JSON.stringify(command.input.TransactItems)
    const known = tokens.get(token)
    if (known !== undefined && known !== content) throw tokenReused()
    if (known !== undefined) return { $metadata: {}, ...repeatedTransaction(request, command.input) }
    const output = yield* execute(request, command)
    tokens.set(token, content)
    return output
  }

  return {
    log,
    stream: (name) => existing(streams, name),
    items: (name) => existing(tables, name).items(),
    client: (worker) =>
      createClient(async (command, commandName) => {
        const call = { worker, command: commandName.replace(/Command$/, ''), about: () => aboutOf(command) }
        sends += 1
        const token = tokenOf(command) ?? (admission && `send-${sends}`)
        if (admission) return admission.admit(call, (chance) => answer(call, command, token, chance))
        return finish(answer(call, command, token, calm))
      }),
  }
}

/** The SDK gives each transaction a token of its own and repeats it when it tries again. */
function tokenOf(command: object): string | undefined {
  return command instanceof TransactWriteItemsCommand ? command.input.ClientRequestToken : undefined
}

export function finish<T>(parts: Parts<T>): T {
  let part = parts.next()
  while (!part.done) part = parts.next()
  return part.value
}

function aboutOf(command: object): string {
  const input = 'input' in command ? JSON.stringify(command.input) : ''
  return input.length > 300 ? `${input.slice(0, 300)}…` : input
}

function existing<T>(entries: Map<string, T>, name: string): T {
  const found = entries.get(name)
  if (found === undefined) throw tableNotFound()
  return found
}
