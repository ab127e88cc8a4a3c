import type {
  BatchGetItemInput,
  BatchGetItemOutput,
  BatchWriteItemInput,
  BatchWriteItemOutput,
  KeysAndAttributes,
  WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { invalid } from './failure.ts'
import { readItem } from './read.ts'
import { capacities, type Parts, type Request } from './request.ts'
import type { Item } from './value.ts'
import { charge, commit, deleteWrite, isRepeated, plan, putWrite, type Write } from './write.ts'

const maximalReads = 100
const maximalWrites = 25

export function* batchGetItem(request: Request, input: BatchGetItemInput): Parts<BatchGetItemOutput> {
  const wanted = Object.entries(input.RequestItems ?? {}).flatMap(([name, entry]) =>
    (entry.Keys ?? []).map((key) => ({ ...entry, name, table: request.table(name), key })),
  )
  refuseSize(wanted.length, maximalReads)
  refuseRepetition(wanted)
  const found: Record<string, Item[]> = {}
  const left: Record<string, KeysAndAttributes> = {}
  for (const target of wanted) {
    const { name, key } = target
    const items = found[name] ?? []
    found[name] = items
    if (request.chance.isUnprocessed()) {
      left[name] = { ...input.RequestItems?.[name], Keys: [...(left[name]?.Keys ?? []), key] }
    } else {
      const item = readItem(request, target)
      if (item) items.push(item)
      yield
    }
  }
  return {
    Responses: found,
    UnprocessedKeys: left,
    ...capacities(request.meter, input.ReturnConsumedCapacity),
  }
}

export function* batchWriteItem(request: Request, input: BatchWriteItemInput): Parts<BatchWriteItemOutput> {
  const writes = Object.entries(input.RequestItems ?? {}).flatMap(([name, entries]) =>
    entries.map((entry) => ({ name, entry, write: writeOf(request, name, entry) })),
  )
  refuseSize(writes.length, maximalWrites)
  refuseRepetition(writes.map(({ write }) => write))
  const left: Record<string, WriteRequest[]> = {}
  for (const { name, entry, write } of writes) {
    if (request.chance.isUnprocessed()) {
      left[name] = [...(left[name] ?? []), entry]
    } else {
      const planned = plan(write)
      charge(request, planned)
      commit(planned)
      yield
    }
  }
  return { UnprocessedItems: left, ...capacities(request.meter, input.ReturnConsumedCapacity) }
}

function writeOf(request: Request, name: string, { PutRequest, DeleteRequest }: WriteRequest): Write {
  if (PutRequest) return putWrite(request, { TableName: name, Item: PutRequest.Item })
  if (DeleteRequest) return deleteWrite(request, { TableName: name, Key: DeleteRequest.Key })
  throw invalid('Supplied AttributeValue is empty: neither PutRequest nor DeleteRequest')
}

function refuseSize(count: number, maximum: number): void {
  if (count === 0 || count > maximum) throw invalid(`Member must have length between 1 and ${maximum}`)
}

function refuseRepetition(targets: Parameters<typeof isRepeated>[0]): void {
  if (isRepeated(targets)) throw invalid('Provided list of item keys contains duplicates')
}
