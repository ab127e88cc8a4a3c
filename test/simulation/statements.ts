import {
  type BatchExecuteStatementInput,
  type BatchExecuteStatementOutput,
  type BatchStatementError,
  type BatchStatementRequest,
  type BatchStatementResponse,
  DynamoDBServiceException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb'
import { invalid } from './failure.ts'
import { isInsert, statementWrite } from './partiql.ts'
import { capacities, type Parts, type Request } from './request.ts'
import { charge, commit, isRepeated, plan, type Write } from './write.ts'

const maximalStatements = 25

/**
 * Each statement succeeds or fails by itself. A failed one never shows the item, whatever the request asks for: measured
 * on AWS by https://github.com/nubo-db/dynamodb-conformance (tests/tier2/partiql).
 */
export function* batchExecuteStatement(
  request: Request,
  input: BatchExecuteStatementInput,
): Parts<BatchExecuteStatementOutput> {
  const statements = input.Statements ?? []
  if (statements.length === 0) throw invalid('Member must have length greater than or equal to 1')
  if (statements.length > maximalStatements) {
    throw invalid('Too many statements in BatchExecuteStatement; limit is 25')
  }
  const parsed = statements.map((statement) => ({ statement, write: writeOf(request, statement) }))
  if (isRepeated(parsed.flatMap(({ write }) => ('table' in write ? [write] : [])))) {
    throw invalid('Provided list of item keys contains duplicates')
  }
  const responses: BatchStatementResponse[] = []
  for (const { statement, write } of parsed) {
    responses.push('table' in write ? execute(request, statement, write) : { Error: write })
    yield
  }
  return { Responses: responses, ...capacities(request.meter, input.ReturnConsumedCapacity) }
}

function writeOf(
  request: Request,
  { Statement, Parameters }: BatchStatementRequest,
): Write | BatchStatementError {
  return attempt(() => statementWrite(request, Statement ?? '', Parameters ?? []))
}

function execute(
  request: Request,
  { Statement }: BatchStatementRequest,
  write: Write,
): BatchStatementResponse {
  const TableName = write.table.name
  const fault = request.chance.statementFault()
  const failure = fault && { Code: fault.code, Message: 'The statement met a fault' }
  if (fault?.isDone === false) return { TableName, Error: { ...failure } }
  const planned = attempt(() => plan(write))
  if (!('write' in planned)) return { TableName, Error: planned }
  charge(request, planned)
  if (!planned.isRefused) {
    commit(planned)
    return failure ? { TableName, Error: failure } : { TableName }
  }
  const refusal: BatchStatementError = isInsert(Statement ?? '')
    ? { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' }
    : { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' }
  return { TableName, Error: refusal }
}

function attempt<T>(action: () => T): T | BatchStatementError {
  try {
    return action()
  } catch (error) {
    if (error instanceof ResourceNotFoundException)
      return { Code: 'ResourceNotFound', Message: error.message }
    if (error instanceof DynamoDBServiceException) return { Code: 'ValidationError', Message: error.message }
    throw error
  }
}
