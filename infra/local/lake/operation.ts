import type { z } from 'zod'
import { type AwsAnswer, type AwsOperation, awsFailure } from '../aws-server.ts'

/** An operation of a service that refuses what is no request of its with this code. */
export const operationsRefusing =
  (code: string) =>
  <Schema extends z.ZodType>(
    schema: Schema,
    run: (input: z.output<Schema>) => AwsAnswer | Promise<AwsAnswer>,
  ): AwsOperation =>
  (input) => {
    const request = schema.safeParse(input)
    if (request.success) return run(request.data)
    const [issue] = request.error.issues
    return awsFailure(code, `1 validation error detected: ${issue?.path.join('.')}: ${issue?.message}`)
  }
