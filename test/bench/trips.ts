import type { DynamoDBClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-dynamodb'
import { pause } from '../../functions/runtime/clock.ts'

type Handler = (command: {
  input: ServiceInputTypes
}) => Promise<{ response: unknown; output: ServiceOutputTypes }>

export type TripCounter = ReturnType<typeof createTripCounter>

/** Every answer comes so much later, as over a network. */
export function delayAnswers(client: DynamoDBClient, ms: number): void {
  client.middlewareStack.add(
    (next: Handler): Handler =>
      async (command) => {
        const result = await next(command)
        await pause(ms)
        return result
      },
    { step: 'initialize', name: 'network' },
  )
}

/** Counts what is sent while something is done, and how often something was sent only after an answer had come. */
export function createTripCounter(client: DynamoDBClient) {
  let requests = 0
  let longest = 0
  client.middlewareStack.add(
    (next: Handler): Handler =>
      async (command) => {
        const trip = longest + 1
        requests++
        const result = await next(command)
        longest = Math.max(longest, trip)
        return result
      },
    { step: 'initialize', name: 'trips' },
  )
  return async (work: () => Promise<unknown>): Promise<{ requests: number; sequential: number }> => {
    requests = 0
    longest = 0
    await work()
    return { requests, sequential: longest }
  }
}
