import * as z from 'zod'

/** Longer texts are cut, so that what is kept of a person stays small. */
export const maxListedCharacters = 200

/** A product as it is listed for whoever serves the customer. */
export const listedItem = z.object({
  sku: z.string(),
  productId: z.string().optional(),
  name: z.string().optional(),
  variant: z.string().optional(),
  category: z.string().optional(),
  brand: z.string().optional(),
  quantity: z.number().optional(),
  price: z.number().optional(),
})
export type ListedItem = z.infer<typeof listedItem>
