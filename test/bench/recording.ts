import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  type DynamoDBClient,
  QueryCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import type { SimulatedDynamoDB } from '../simulation/dynamodb.ts'

/** A request with the answer that it got. `send` sends it again, to any client. */
export type Exchange = {
  kind: string
  output: ServiceOutputTypes
  send: (client: DynamoDBClient) => Promise<ServiceOutputTypes>
}

type Handler = (command: {
  input: ServiceInputTypes
}) => Promise<{ response: unknown; output: ServiceOutputTypes }>

/** A store that writes down every request that its clients send. */
export function recorded(store: SimulatedDynamoDB): SimulatedDynamoDB & { exchanges: Exchange[] } {
  const exchanges: Exchange[] = []
  return {
    ...store,
    exchanges,
    client: (worker) => {
      const client = store.client(worker)
      client.middlewareStack.addRelativeTo(
        (next: Handler): Handler =>
          async (command) => {
            const result = await next(command)
            exchanges.push({ output: result.output, ...requestOf(command) })
            return result
          },
        { relation: 'before', toMiddleware: 'simulated', name: 'recorder' },
      )
      return client
    },
  }
}

function requestOf(command: object): Pick<Exchange, 'kind' | 'send'> {
  const told = { ReturnConsumedCapacity: 'TOTAL' as const }
  if (command instanceof BatchGetItemCommand) {
    const input = { ...command.input, ...told }
    return { kind: 'BatchGetItem', send: (client) => client.send(new BatchGetItemCommand(input)) }
  }
  if (command instanceof BatchExecuteStatementCommand) {
    const input = { ...command.input, ...told }
    return { kind: 'BatchExecute', send: (client) => client.send(new BatchExecuteStatementCommand(input)) }
  }
  if (command instanceof TransactWriteItemsCommand) {
    const input = { ...command.input, ...told }
    return { kind: 'TransactWrite', send: (client) => client.send(new TransactWriteItemsCommand(input)) }
  }
  if (command instanceof QueryCommand) {
    const input = { ...command.input, ...told }
    return { kind: 'Query', send: (client) => client.send(new QueryCommand(input)) }
  }
  throw new Error('a request that the benchmarks do not know')
}

/** Units of all tables as the service reports them in an answer. */
export function unitsOf(output: ServiceOutputTypes): number {
  if (!('ConsumedCapacity' in output) || !output.ConsumedCapacity) return 0
  const { ConsumedCapacity: told } = output
  const capacities = Array.isArray(told) ? told : [told]
  return capacities.reduce(
    (sum, capacity) => sum + ('CapacityUnits' in capacity ? (capacity.CapacityUnits ?? 0) : 0),
    0,
  )
}
