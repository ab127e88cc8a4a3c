import type { FieldType } from '../lake/column.ts'
import { textsIn } from './list-text.ts'

/** A value of the lake as answers show it. */
export type ShownValue = string | number | boolean | null | string[]

/** @param text as Athena gives it; a list as `listText` has it */
export function shownValue(text: string | null, type: FieldType): ShownValue {
  if (text === null) return null
  if (typeof type !== 'string') return textsIn(text)
  switch (type) {
    case 'string':
    case 'date':
      return text
    case 'timestamp':
      return shownTime(text)
    case 'boolean':
      return text === 'true'
    case 'int':
    case 'long':
    case 'double':
    case 'money':
    case 'quantity':
      return numberOrNull(text)
  }
}

/** JSON has no infinity. */
function numberOrNull(text: string): number | null {
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

/** UTC with milliseconds. */
export const shownTime = (text: string): string => `${text.replace(' ', 'T').slice(0, 23)}Z`
