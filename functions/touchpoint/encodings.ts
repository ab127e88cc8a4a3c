import { isRecord, parseJson } from './json.ts'
import type { Path } from './readable-issue.ts'
import { unknownField } from './strict-fields.ts'

export type Encoding =
  | { kind: 'fields'; fields: unknown; locate: (path: Path) => Path }
  | { kind: 'misfit'; detail: string }

const envelopeFields = ['id', 'source', 'type', 'time'] as const

/** Recognises the encoding of one event and brings it into the form of the native envelope. */
export function readEncoding(json: unknown): Encoding {
  if (isRecord(json) && Object.hasOwn(json, 'specversion')) return readCloudEvent(json)
  return { kind: 'fields', fields: json, locate: (path) => path }
}

/** CloudEvents 1.0 in structured mode; attributes and extensions other than the envelope's are dropped. */
function readCloudEvent(event: Record<string, unknown>): Encoding {
  if (event.specversion !== '1.0')
    return misfit('specversion must be "1.0", the version of CloudEvents that is understood')
  const content = readData(event)
  if (content.kind === 'misfit') return content
  const { data } = content

  const repeated = envelopeFields.find((name) => Object.hasOwn(data, name))
  if (repeated !== undefined)
    return misfit(`data.${unknownField(repeated, [])}; ${repeated} belongs beside data, in the envelope`)
  const envelope = Object.fromEntries(
    envelopeFields.flatMap((name) => (Object.hasOwn(event, name) ? [[name, event[name]]] : [])),
  )
  return { kind: 'fields', fields: { ...data, ...envelope }, locate: locateInCloudEvent }
}

function readData(
  event: Record<string, unknown>,
): { kind: 'data'; data: Record<string, unknown> } | { kind: 'misfit'; detail: string } {
  const { data, data_base64: encoded } = event
  if (encoded === undefined)
    return isRecord(data)
      ? { kind: 'data', data }
      : misfit(
          `data is ${data === undefined ? 'missing' : 'not an object'}; it must hold the fields of the event`,
        )
  if (data !== undefined) return misfit('data and data_base64 exclude each other')
  if (typeof encoded !== 'string') return misfit('data_base64 must be a string')
  const decoded = parseJson(Buffer.from(encoded, 'base64'))
  if (decoded.kind === 'parsed' && isRecord(decoded.value)) return { kind: 'data', data: decoded.value }
  return misfit('data_base64 must hold the fields of the event, a JSON object, in base64')
}

function locateInCloudEvent(path: Path): Path {
  return envelopeFields.some((name) => name === path[0]) ? path : ['data', ...path]
}

function misfit(detail: string): { kind: 'misfit'; detail: string } {
  return { kind: 'misfit', detail }
}
