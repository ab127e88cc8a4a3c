/** What becomes of a record that Firehose cannot deliver, and why. */
export class Undeliverable {
  readonly code: string
  readonly message: string

  constructor(code: string, message: string) {
    this.code = code
    this.message = message
  }
}

export type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A number with more digits than one of JavaScript holds. */
export class LongNumber {
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }

  toJSON() {
    return this.digits
  }
}

/** Where JSON may have such a number; microseconds have 16 digits, too, and fit. */
const longDigits = /\d[\d.]{16}|9\d{15}/

export interface ReadRecord {
  value: JsonObject
  text: string
}

/** One JSON object, and no digit of it lost. */
export function readRecord(bytes: Uint8Array): ReadRecord | Undeliverable {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const value: unknown = longDigits.test(text) ? JSON.parse(text, exactly) : JSON.parse(text)
    if (isObject(value)) return { value, text }
  } catch {
    // Neither UTF-8 nor JSON: as good as no object.
  }
  return new Undeliverable(
    'DynamicPartitioning.MetadataExtractionFailed',
    'The record is not one JSON object',
  )
}

function exactly(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  if (typeof value !== 'number' || source === undefined || /[eE]/.test(source)) return value
  const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : String(value) === source
  return isExact ? value : new LongNumber(source)
}
