import type * as z from 'zod'
import { isRecord } from './json.ts'

export type Path = readonly PropertyKey[]

/** Fields whose values may be repeated in a message; all others may hold contact data. */
const figures = new Set(
  'quantity price amount discount tax total shipping dwellSeconds nps rating sentiment'.split(' '),
)
const words = new Set('time channel type currency fulfilment status country test'.split(' '))

const sized = new Set(['id', 'source', 'type'])
const longestDetail = 500

/**
 * One line that says which field is wrong, what was found and what would be right.
 * `locate` tells where the sender wrote the field at a path.
 */
export function readableIssue(
  issues: readonly z.core.$ZodIssue[],
  sent: unknown,
  locate: (path: Path) => Path = (path) => path,
): string {
  const [issue] = issues
  if (issue === undefined) return 'the event is not valid'
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  return `${sentence(issue, sent, locate)}${more}`.slice(0, longestDetail)
}

function sentence(issue: z.core.$ZodIssue, sent: unknown, locate: (path: Path) => Path): string {
  const path = shownPath(locate(issue.path))
  if (issue.code === 'unrecognized_keys') return `${path === '' ? '' : `${path}.`}${issue.message}`
  const found = valueAt(sent, issue.path)
  const subject = path === '' ? 'the event' : path
  return found === undefined
    ? `${subject} is missing; it must be ${issue.message}`
    : `${subject} is ${shownValue(found, issue.path)}; it must be ${issue.message}`
}

function shownPath(path: Path): string {
  return path
    .map((part, depth) => {
      if (typeof part === 'number') return `[${part}]`
      // Keys of profile are the sender's own and may be anything.
      const name = path[0] === 'profile' && depth > 0 ? '*' : String(part)
      return depth === 0 ? name : `.${name}`
    })
    .join('')
}

function valueAt(sent: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (Array.isArray(value) && typeof part === 'number') return value[part]
    return isRecord(value) && Object.hasOwn(value, part) ? value[String(part)] : undefined
  }, sent)
}

function shownValue(value: unknown, path: Path): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'an object'
  const name = String(path.at(-1))
  // Keys of profile are the sender's own and may have these names too.
  const isFigure = figures.has(name) && path[0] !== 'profile'
  const isWord = words.has(name) && path[0] !== 'profile'
  if (typeof value !== 'string') return isFigure ? String(value) : `a ${typeof value}`
  if (value === '') return 'an empty string'
  if ((isFigure || isWord) && isHarmless(value, name)) return JSON.stringify(value)
  return sized.has(name) && path.length === 1 ? `a string of ${Buffer.byteLength(value)} bytes` : 'a string'
}

/** A word, a number or a time; not an e-mail address or phone number that slipped into the wrong field. */
function isHarmless(value: string, name: string): boolean {
  return name === 'time'
    ? /^[\dTtZz:+. -]{1,40}$/.test(value)
    : /^([A-Za-z][A-Za-z_-]{0,39}|-?\d{1,4}([.,]\d{1,4})?)$/.test(value)
}
