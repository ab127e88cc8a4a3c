import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger'
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types'
import { framesOf } from './frames.ts'

/**
 * Of what Powertools knows, what the log group does not say already: every byte is paid for. A trace that was not
 * recorded has no name.
 */
class LineFormatter extends LogFormatter {
  override formatAttributes(known: UnformattedAttributes, more: LogAttributes): LogItem {
    const { logLevel, message, timestamp, serviceName, lambdaContext, xRayTraceId } = known
    const isTraced = process.env._X_AMZN_TRACE_ID?.includes('Sampled=1')
    const attributes = {
      level: logLevel,
      message,
      timestamp: this.formatTimestamp(timestamp),
      service: serviceName,
      ...(lambdaContext?.coldStart && { cold_start: true }),
      function_request_id: lambdaContext?.awsRequestId,
      ...(isTraced && { xray_trace_id: xRayTraceId }),
    }
    return new LogItem({ attributes }).addAttributes(more)
  }
}

/** Named by the function's environment. */
export const logger = new Logger({ logFormatter: new LineFormatter() })

/** What may be logged of an error: a bug's message may quote the data it stumbled over. */
export function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: 'unknown' }
  const isFromService = '$metadata' in error || 'code' in error
  return { name: error.name, ...(isFromService && { message: error.message }), frames: framesOf(error) }
}
