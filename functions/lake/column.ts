/** The types that columns of the lake have, in the words of Iceberg; money and quantities are its decimals. */
type ScalarType =
  | 'string'
  | 'boolean'
  | 'int'
  | 'long'
  | 'double'
  | 'timestamp'
  | 'date'
  | 'money'
  | 'quantity'

/** A field of Iceberg: its number is written into every file and never used for anything else, nor changed. */
export type Field = { id: number; name: string; comment: string; type: FieldType }

export type FieldType =
  | ScalarType
  /** Several of one type; the elements have a number of their own. */
  | { elementId: number; element: ScalarType | { fields: readonly Field[] } }

export const field = (id: number, name: string, type: FieldType, comment: string): Field => ({
  id,
  name,
  type,
  comment,
})

/** Money has 4 decimals and quantities 3, as the contract says. */
const decimals = { money: { precision: 18, scale: 4 }, quantity: { precision: 18, scale: 3 } } as const

const icebergNames: Record<ScalarType, string> = {
  string: 'string',
  boolean: 'boolean',
  int: 'int',
  long: 'long',
  double: 'double',
  timestamp: 'timestamp',
  date: 'date',
  money: `decimal(${decimals.money.precision}, ${decimals.money.scale})`,
  quantity: `decimal(${decimals.quantity.precision}, ${decimals.quantity.scale})`,
}

/** As Iceberg writes types in JSON (Iceberg Table Spec, "Appendix C: JSON serialization"). */
export function icebergType(type: FieldType): string | object {
  if (typeof type === 'string') return icebergNames[type]
  const { elementId, element } = type
  const shape =
    typeof element === 'string'
      ? icebergNames[element]
      : { type: 'struct', fields: element.fields.map(icebergField) }
  return { type: 'list', 'element-id': elementId, element: shape, 'element-required': false }
}

const icebergField = ({ id, name, type, comment }: Field) => ({
  id,
  name,
  type: icebergType(type),
  required: false,
  doc: comment,
})

const trinoNames: Readonly<Record<string, string>> = {
  string: 'varchar',
  int: 'integer',
  long: 'bigint',
  timestamp: 'timestamp(6)',
}

/**
 * As Trino shows it.
 * @param scalar given: the type of whatever has no parts
 */
export function trinoType(type: FieldType, scalar?: string): string {
  if (typeof type === 'string') {
    const name = icebergNames[type].replace(', ', ',')
    return scalar ?? trinoNames[name] ?? name
  }
  const { element } = type
  if (typeof element === 'string') return `array(${trinoType(element, scalar)})`
  return `array(row(${element.fields.map((part) => `${part.name} ${trinoType(part.type, scalar)}`).join(', ')}))`
}
