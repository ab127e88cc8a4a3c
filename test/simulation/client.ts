import { DynamoDBClient, type ServiceOutputTypes } from '@aws-sdk/client-dynamodb'

export type Answer = (command: object, commandName: string) => Promise<ServiceOutputTypes>

/**
 * A real client whose first middleware answers, so that nothing is serialised, signed or sent. As the first it receives
 * the command itself; `cacheMiddleware` makes that cheap, and is why the command is not taken from the context.
 */
export function createClient(answer: Answer): DynamoDBClient {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    cacheMiddleware: true,
  })
  client.middlewareStack.add(
    (_next, context) => async (command) => ({
      output: await answer(command, context.commandName ?? ''),
      response: undefined,
    }),
    { step: 'initialize', priority: 'high', name: 'simulated' },
  )
  return client
}
