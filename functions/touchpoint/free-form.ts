import * as z from 'zod'

/** Deeper than any form or cart, and far from where a recursive reader would run out of stack. */
const maxDepth = 64

const contactData = new Set([
  'firstname',
  'lastname',
  'email',
  'phone',
  'street',
  'address',
  'birthday',
  'dateofbirth',
])

const profileText = 'a flat object of strings, numbers, booleans and null'
const propertiesText = `an object, at most ${maxDepth} levels deep`

/** Contact data goes before the values are looked at: an address is often an object. */
function withoutContactData(sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return sent
  return Object.fromEntries(
    Object.entries(sent).filter(([key]) => !contactData.has(key.toLowerCase().replace(/[^a-z0-9]/g, ''))),
  )
}

export const profile = z.preprocess(
  withoutContactData,
  z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null()], 'a string, number, boolean or null'),
    profileText,
  ),
)

export const properties = z
  .record(z.string(), z.unknown(), propertiesText)
  .refine((sent) => fitsWithin(sent, maxDepth), propertiesText)

function fitsWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => fitsWithin(inner, levels - 1))
}
