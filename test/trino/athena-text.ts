import { z } from 'zod'
import type { Column, Result, TypeSignature } from './client.ts'

const typeSchema: z.ZodType<TypeSignature> = z.object({
  rawType: z.string(),
  arguments: z.array(z.object({ kind: z.string(), value: z.unknown() })),
})
const fieldSchema = z.object({
  fieldName: z.object({ name: z.string() }).optional(),
  typeSignature: typeSchema,
})

type Rows = (string | null)[][]

/** Trino's rows as Athena shows them: all values as text, null within others as `null`. */
export function athenaRows({ columns, rows }: Result): Rows {
  const printers = columns.map(({ typeSignature }) => printerOf(typeSignature))
  return rows.map((row) =>
    row.map((value, at) => (value === null ? null : (printers[at]?.(value) ?? String(value)))),
  )
}

/** As Athena names the type of a column: arrays and rows without what is in them. */
export function athenaType({ typeSignature: { rawType, arguments: told } }: Column): string {
  if (rawType === 'decimal') return `decimal(${told.map(({ value }) => value).join(',')})`
  return rawType === 'real' ? 'float' : rawType
}

type Print = (value: unknown) => string

const nullable =
  (print: Print): Print =>
  (value) =>
    value === null ? 'null' : print(value)

function printerOf({ rawType, arguments: told }: TypeSignature): Print {
  if (rawType === 'row') return printRow(told.map(({ value }) => fieldSchema.parse(value)))
  if (rawType === 'varbinary') return (value) => hexText(Buffer.from(String(value), 'base64'))
  if (rawType !== 'array' && rawType !== 'map') return String
  const [first, second] = told.map(({ value }) => nullable(printerOf(typeSchema.parse(value))))
  if (!first) throw new Error(`${rawType} of what?`)
  if (rawType === 'array') return (value) => `[${z.array(z.unknown()).parse(value).map(first).join(', ')}]`
  const entry = ([key, value]: [string, unknown]) => `${key}=${second?.(value)}`
  return (value) =>
    `{${Object.entries(z.record(z.string(), z.unknown()).parse(value)).map(entry).join(', ')}}`
}

function printRow(fields: readonly z.infer<typeof fieldSchema>[]): Print {
  const printers = fields.map(({ fieldName, typeSignature }, at) => {
    const print = nullable(printerOf(typeSignature))
    return (value: unknown) => `${fieldName?.name ?? `field${at}`}=${print(value)}`
  })
  return (value) =>
    `{${z
      .array(z.unknown())
      .parse(value)
      .map((one, at) => printers[at]?.(one))
      .join(', ')}}`
}

const hexText = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
