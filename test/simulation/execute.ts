import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type ServiceOutputTypes,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { batchGetItem, batchWriteItem } from './batch.ts'
import { notSimulated } from './failure.ts'
import { query } from './query.ts'
import type { Parts, Request } from './request.ts'
import { deleteItem, getItem, putItem, updateItem } from './single.ts'
import { batchExecuteStatement } from './statements.ts'
import { transactGetItems, transactWriteItems } from './transaction.ts'

const $metadata = { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 }

/** Answers a command of the SDK; batches in parts, everything else at once. */
export function* execute(request: Request, command: object): Parts<ServiceOutputTypes> {
  if (command instanceof GetItemCommand) return { $metadata, ...getItem(request, command.input) }
  if (command instanceof QueryCommand) return { $metadata, ...query(request, command.input) }
  if (command instanceof PutItemCommand) return { $metadata, ...putItem(request, command.input) }
  if (command instanceof UpdateItemCommand) return { $metadata, ...updateItem(request, command.input) }
  if (command instanceof DeleteItemCommand) return { $metadata, ...deleteItem(request, command.input) }
  if (command instanceof BatchGetItemCommand)
    return { $metadata, ...(yield* batchGetItem(request, command.input)) }
  if (command instanceof BatchWriteItemCommand) {
    return { $metadata, ...(yield* batchWriteItem(request, command.input)) }
  }
  if (command instanceof BatchExecuteStatementCommand) {
    return { $metadata, ...(yield* batchExecuteStatement(request, command.input)) }
  }
  if (command instanceof TransactWriteItemsCommand) {
    return { $metadata, ...transactWriteItems(request, command.input) }
  }
  if (command instanceof TransactGetItemsCommand)
    return { $metadata, ...transactGetItems(request, command.input) }
  throw notSimulated(command.constructor.name)
}

/** How many items or statements a command names. */
export function countOf(command: object): number {
  if (command instanceof BatchExecuteStatementCommand) return command.input.Statements?.length ?? 0
  if (command instanceof TransactWriteItemsCommand) return command.input.TransactItems?.length ?? 0
  if (command instanceof TransactGetItemsCommand) return command.input.TransactItems?.length ?? 0
  if (command instanceof BatchGetItemCommand) {
    return Object.values(command.input.RequestItems ?? {}).reduce(
      (sum, { Keys = [] }) => sum + Keys.length,
      0,
    )
  }
  if (command instanceof BatchWriteItemCommand) {
    return Object.values(command.input.RequestItems ?? {}).reduce((sum, writes) => sum + writes.length, 0)
  }
  return 1
}
