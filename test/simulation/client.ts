import { DynamoDBClient, type ServiceOutputTypes } from '@aws-sdk/client-dynamodb'

export type Answer = (command: object, commandName: string) => Promise<ServiceOutputTypes>

/** Stands between a client and its store; may send, once or more, or not. */
export type Interceptor = <T>(
  request: { command: object; commandName: string },
  send: () => Promise<T>,
) => Promise<T>

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
  const client = copyOf(original)
  client.middlewareStack.add(
    (_next, context) => async (command) => ({
      output: await answer(command, context.commandName ?? ''),
      response: undefined,
    }),
    { step: 'initialize', priority: 'normal', name: 'simulated' },
  )
  return client
}

/** Another client of the same store, every request of which goes through the interceptor: past the SDK's retries. */
export function intercepted(client: DynamoDBClient, intercept: Interceptor): DynamoDBClient {
  const copy = copyOf(client)
  copy.middlewareStack.add(
    (next, context) => (command) =>
      intercept({ command, commandName: context.commandName?.replace(/Command$/, '') ?? '' }, () =>
        next(command),
      ),
    { step: 'initialize', priority: 'high', name: 'interceptor' },
  )
  return copy
}

/** A client must not have sent anything before it is copied: its middleware would be cached. */
function copyOf(client: DynamoDBClient): DynamoDBClient {
  const copy: DynamoDBClient = Object.create(client)
  copy.middlewareStack = client.middlewareStack.clone()
  return copy
}
