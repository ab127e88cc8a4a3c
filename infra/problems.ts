import { findNodeAtLocation, type JSONPath, type Node } from 'jsonc-parser'
import type { z } from 'zod'

/** Something that is not right, and where. */
export type Problem = { path: JSONPath; message: string }

/** One problem for each field that is not right. */
export function problemsOf(issues: readonly z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.filter((key) => typeof key !== 'symbol')
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: 'there is no such option' }))
    }
    if (issue.code !== 'invalid_union') return [{ path, message: issue.message }]
    // Of several forms that which was meant is the one whose mistakes lie inside of it.
    const meant = issue.errors.find(([first]) => first && first.path.length > 0) ?? issue.errors[0] ?? []
    return problemsOf(meant).map((inner) => ({ ...inner, path: [...path, ...inner.path] }))
  })
}

/** `types.zone_dwell[0].phase` */
export function shownPath(path: JSONPath): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${key}` : key),
    '',
  )
}

/** The line of a path in a file; what is missing is told at the line of what it is missing in. */
export function lineOf(path: JSONPath, { root, text }: { root: Node; text: string }): number {
  for (let location = path; ; location = location.slice(0, -1)) {
    const node = findNodeAtLocation(root, location)
    if (node) return lineAt(node.offset, text)
  }
}

export const lineAt = (offset: number, text: string): number => text.slice(0, offset).split('\n').length
