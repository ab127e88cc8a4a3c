import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import type { Item } from './value.ts'

const $metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 }

/** ValidationException has no class of its own in the SDK: it is the base class under that name. */
export function invalid(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', $metadata, message })
}

export function conditionFailed(item: Item | undefined): ConditionalCheckFailedException {
  const message = 'The conditional request failed'
  return new ConditionalCheckFailedException({ $metadata, message, ...(item && { Item: item }) })
}

export function transactionCancelled(reasons: CancellationReason[]): TransactionCanceledException {
  const codes = reasons.map((reason) => reason.Code).join(', ')
  return new TransactionCanceledException({
    $metadata,
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons: reasons,
  })
}

export function transactionConflict(): TransactionConflictException {
  return new TransactionConflictException({ $metadata, message: 'Transaction is ongoing for the item' })
}

export function tokenReused(): IdempotentParameterMismatchException {
  return new IdempotentParameterMismatchException({
    $metadata,
    message: 'The token was used with other parameters',
  })
}

export function tableNotFound(): ResourceNotFoundException {
  return new ResourceNotFoundException({ $metadata, message: 'Requested resource not found' })
}

export function throttled(): ProvisionedThroughputExceededException {
  return new ProvisionedThroughputExceededException({
    $metadata,
    message: 'The level of configured provisioned throughput for the table was exceeded',
  })
}

/** What the SDK's HTTP handler throws when no answer came in time. */
export function timedOut(): Error {
  return Object.assign(new Error('Connection timed out'), { name: 'TimeoutError' })
}

/** A request that DynamoDB may understand but this simulation does not; never an answer of the store. */
export function notSimulated(what: string): Error {
  return new Error(`the simulated DynamoDB does not know ${what}`)
}
