import {
  type CancellationReason,
  DynamoDBServiceException,
  type TransactGetItemsInput,
  type TransactGetItemsOutput,
  type TransactWriteItemsInput,
  type TransactWriteItemsOutput,
} from '@aws-sdk/client-dynamodb'
import { readUnits } from './capacity.ts'
import { invalid, transactionCancelled } from './failure.ts'
import { readItem } from './read.ts'
import { capacities, type Request } from './request.ts'
import { copyItem } from './value.ts'
import { charge, commit, isRepeated, type Plan, plan, transactionWrite, type Write } from './write.ts'

const maximalItems = 100
const maximalBytes = 4 * 1024 * 1024

export function transactWriteItems(
  request: Request,
  input: TransactWriteItemsInput,
): TransactWriteItemsOutput {
  const writes = (input.TransactItems ?? []).map((item) => transactionWrite(request, item))
  refuseSize(writes.length)
  if (isRepeated(writes)) throw invalid('Transaction request cannot include multiple operations on one item')
  const decisions = writes.map((write) => decide(request, write))
  const bytes = decisions.reduce(
    (sum, decision) => sum + ('write' in decision ? (decision.after?.bytes ?? 0) : 0),
    0,
  )
  if (bytes > maximalBytes) throw invalid('Collection size cannot be more than 4 MB')
  const plans = decisions.filter((decision) => 'write' in decision)
  for (const planned of plans) charge(request, planned, 2)
  const reasons = decisions.map((decision) => ('write' in decision ? reasonOf(decision) : decision))
  if (reasons.some(({ Code }) => Code !== 'None')) throw transactionCancelled(reasons)
  for (const planned of plans) commit(planned)
  return capacities(request.meter, input.ReturnConsumedCapacity)
}

/** A repeated token gets the first answer again, at the price of reading what was written. */
export function repeatedTransaction(
  request: Request,
  input: TransactWriteItemsInput,
): TransactWriteItemsOutput {
  for (const item of input.TransactItems ?? []) {
    const { table, key } = transactionWrite(request, item)
    request.meter.charge(table.name, 'read', 2 * readUnits(table.find(key, 0)?.bytes ?? 0))
  }
  return capacities(request.meter, input.ReturnConsumedCapacity)
}

function decide({ chance }: Request, write: Write): Plan | CancellationReason {
  if (chance.isContended())
    return { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }
  try {
    return plan(write)
  } catch (error) {
    if (!(error instanceof DynamoDBServiceException)) throw error
    return { Code: 'ValidationError', Message: error.message }
  }
}

function reasonOf({ write, before, isRefused }: Plan): CancellationReason {
  if (!isRefused) return { Code: 'None' }
  const item = write.showsItem && before ? { Item: copyItem(before.item) } : {}
  return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...item }
}

export function transactGetItems(request: Request, input: TransactGetItemsInput): TransactGetItemsOutput {
  const targets = (input.TransactItems ?? []).map(({ Get }) => ({
    ...Get,
    table: request.table(Get?.TableName),
    key: Get?.Key ?? {},
  }))
  refuseSize(targets.length)
  if (isRepeated(targets)) throw invalid('Transaction request cannot include multiple operations on one item')
  const reasons = targets.map(() => ({ Code: request.chance.isContended() ? 'TransactionConflict' : 'None' }))
  if (reasons.some(({ Code }) => Code !== 'None')) throw transactionCancelled(reasons)
  const responses = targets.map((target) => {
    const item = readItem(request, target, true)
    return item ? { Item: item } : {}
  })
  return { Responses: responses, ...capacities(request.meter, input.ReturnConsumedCapacity) }
}

function refuseSize(count: number): void {
  if (count === 0 || count > maximalItems) throw invalid('Member must have length between 1 and 100')
}
