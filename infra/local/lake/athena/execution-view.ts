import { catalogName } from '../catalog.ts'
import type { Execution } from './executions.ts'
import { statementTypeOf } from './statement-type.ts'

/** An execution as `GetQueryExecution` shows it; times in seconds since 1970. */
export function viewOf(execution: Execution) {
  const { id, sql, parameters, database, output, workGroup } = execution
  const { type, subtype } = statementTypeOf(sql)
  return {
    QueryExecutionId: id,
    Query: sql,
    StatementType: type,
    SubstatementType: subtype,
    ResultConfiguration: { OutputLocation: `s3://${output.bucket}/${output.key}` },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: { ...(database !== null && { Database: database }), Catalog: catalogName },
    Status: statusOf(execution),
    Statistics: statisticsOf(execution),
    WorkGroup: workGroup,
    EngineVersion: engineVersion,
    ...(parameters.length > 0 && { ExecutionParameters: parameters }),
  }
}

export const engineVersion = {
  SelectedEngineVersion: 'Athena engine version 3',
  EffectiveEngineVersion: 'Athena engine version 3',
}

function statusOf({ state, submittedAt, completedAt, failure }: Execution) {
  const reason =
    state === 'FAILED' ? failure?.message : state === 'CANCELLED' ? 'Query cancelled by user' : undefined
  return {
    State: state,
    SubmissionDateTime: submittedAt / 1000,
    ...(completedAt !== null && { CompletionDateTime: completedAt / 1000 }),
    ...(reason !== undefined && { StateChangeReason: reason }),
    ...(state === 'FAILED' && failure && { AthenaError: athenaError(failure) }),
  }
}

const [system, user] = [1, 2]
/** Of Athena's error catalog: a syntax error, an error of the user, one of the query engine. */
const [syntax, userError, engineError] = [1006, 1000, 200]

function athenaError({ code, message }: { code: string; message: string }) {
  const isInternal = code === 'GENERIC_INTERNAL_ERROR'
  const type = code === 'SYNTAX_ERROR' ? syntax : isInternal ? engineError : userError
  return {
    ErrorCategory: isInternal ? system : user,
    ErrorType: type,
    Retryable: code === 'ICEBERG_COMMIT_ERROR',
    ErrorMessage: message,
  }
}

function statisticsOf({ submittedAt, startedAt, completedAt, answer }: Execution) {
  const end = completedAt ?? Date.now()
  const start = startedAt ?? end
  return {
    EngineExecutionTimeInMillis: end - start,
    DataScannedInBytes: answer?.scannedBytes ?? 0,
    TotalExecutionTimeInMillis: end - submittedAt,
    QueryQueueTimeInMillis: start - submittedAt,
    ServicePreProcessingTimeInMillis: 0,
    ServiceProcessingTimeInMillis: 0,
    ResultReuseInformation: { ReusedPreviousResult: false },
  }
}
