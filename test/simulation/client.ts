import { DynamoDBClient, type ServiceOutputTypes } from '@aws-sdk/client-dynamodb'

export type Answer = (command: object, commandName: string) => Promise<ServiceOutputTypes>

const original = new DynamoDBClient({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
  cacheMiddleware: true,
})

/**
 * A real client whose first middleware answers, so that nothing is serialised, signed or sent. As the first it receives
 * the command itself; `cacheMiddleware` makes that cheap, and is why the command is not taken from the context. To make a
 * client takes longer than a whole schedule, so all share the configuration of one.
 */
export function createClient(answer: Answer): DynamoDBClient {
  const client: DynamoDBClient = Object.create(original)
  client.middlewareStack = original.middlewareStack.clone()
  client.middlewareStack.add(
    (_next, context) => async (command) => ({
      output: await answer(command, context.commandName ?? ''),
      response: undefined,
    }),
    { step: 'initialize', priority: 'high', name: 'simulated' },
  )
  return client
}
