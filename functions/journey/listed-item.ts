import * as z from 'zod'
import { optionalNumber, optionalString, string } from '../runtime/fields.ts'

/** Longer texts are cut, so that what is kept of a person stays small. */
export const maxListedCharacters = 200

/** A product as it is listed for whoever serves the customer. */
export const listedItem = z.object({
  sku: string,
  productId: optionalString,
  name: optionalString,
  variant: optionalString,
  category: optionalString,
  brand: optionalString,
  quantity: optionalNumber,
  price: optionalNumber,
})
export type ListedItem = z.infer<typeof listedItem>
