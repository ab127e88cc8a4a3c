import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'

/** What a request is for, in the words of the tests. */
export type Kind =
  | 'read identifiers'
  | 'read nodes'
  | 'read refusals'
  | 'read touchpoints'
  | 'transact'
  | 'write first sights'
  | 'write touchpoints'
  | 'other'

export function kindOf(command: object): Kind {
  if (command instanceof TransactWriteItemsCommand) return 'transact'
  if (command instanceof BatchGetItemCommand) {
    const [table = '', { Keys = [] } = {}] = Object.entries(command.input.RequestItems ?? {})[0] ?? []
    if (table.startsWith('touchpoints')) return 'read touchpoints'
    if (Keys[0]?.pk?.S?.startsWith('I#')) return 'read identifiers'
    return Keys[0]?.sk?.S?.startsWith('R#') ? 'read refusals' : 'read nodes'
  }
  if (command instanceof BatchExecuteStatementCommand) {
    const statement = command.input.Statements?.[0]?.Statement ?? ''
    if (statement.startsWith('UPDATE')) return 'write first sights'
    return statement.includes('"touchpoints') ? 'write touchpoints' : 'other'
  }
  return 'other'
}
