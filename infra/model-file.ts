import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { type ModelDefinition, modelSchemaFor } from '../functions/journey/model-definition.ts'
import { lineAt, lineOf, problemsOf, shownPath } from './problems.ts'

/** A model, or for each thing that is not right in its file one line: where, and what would be right. */
export type ModelReading =
  | { kind: 'model'; model: ModelDefinition }
  | { kind: 'wrong'; lines: string[] }
  | { kind: 'missing' }

/** Reads a retailer's own journey model. */
export function readModel(name: string, directory: string): ModelReading {
  const file = resolve(directory, name)
  const isThere = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
  return isThere ? parseModelText({ name, text: readFileSync(file, 'utf8') }) : { kind: 'missing' }
}

function parseModelText({ name, text }: { name: string; text: string }): ModelReading {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
  if (!root || errors.length > 0) {
    const lines = errors.map(
      ({ error, offset }) =>
        `${name}:${lineAt(offset, text)}: this is not JSON: ${printParseErrorCode(error)}`,
    )
    return { kind: 'wrong', lines }
  }
  const repeated = repeatedKeys(root).map(
    ({ offset, value }) => `${name}:${lineAt(offset, text)}: ${value}: each once: it is there before, too`,
  )
  const json: unknown = getNodeValue(root)
  const parsed = modelSchemaFor(json).safeParse(json)
  if (parsed.success && repeated.length === 0) return { kind: 'model', model: parsed.data }
  const problems = problemsOf(parsed.error?.issues ?? []).map(
    ({ path, message }) =>
      `${name}:${lineOf(path, { root, text })}: ${path.length > 0 ? shownPath(path) : 'the model'}: ${message}`,
  )
  return { kind: 'wrong', lines: [...repeated, ...problems] }
}

/** JSON lets the last one win, which nobody who has written both can have meant. */
function repeatedKeys({ type, children = [] }: Node): Node[] {
  const keys = type === 'object' ? children.flatMap((property) => property.children?.[0] ?? []) : []
  const repeated = keys.filter((key, at) => keys.findIndex(({ value }) => value === key.value) < at)
  return [...repeated, ...children.flatMap(repeatedKeys)]
}
