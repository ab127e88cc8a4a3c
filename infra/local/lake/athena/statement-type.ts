/** How Athena classes a statement, and what the file of its result is called. */
export interface StatementType {
  type: 'DML' | 'UTILITY'
  subtype: string
  extension: '.csv' | '.txt' | ''
}

const leadingSpace = /^(?:\s|\(|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/

/** By its first words, for it is said before the statement is read. */
export function statementTypeOf(sql: string): StatementType {
  const [first = '', second = ''] = sql.replace(leadingSpace, '').toUpperCase().split(/\W+/, 2)
  switch (first) {
    case 'SELECT':
    case 'WITH':
    case 'VALUES':
      return { type: 'DML', subtype: 'SELECT', extension: '.csv' }
    case 'INSERT':
    case 'DELETE':
    case 'MERGE':
      return { type: 'DML', subtype: first, extension: '' }
    case 'SHOW':
      return { type: 'UTILITY', subtype: `SHOW_${second}`, extension: '.txt' }
    default:
      return { type: 'UTILITY', subtype: first, extension: '.txt' }
  }
}
