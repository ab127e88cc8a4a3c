import { type ListedItem, maxListedCharacters } from './listed-item.ts'
import type { Touch } from './touch.ts'

const maxViewed = 10
/** Of longer lists the latest are kept, so that what is kept of a person stays small. */
const maxListed = 100

/** The latest distinct products looked at, the latest first. */
export function withViewed(viewed: readonly ListedItem[], touch: Touch): ListedItem[] {
  if (touch.type !== 'view_item') return [...viewed]
  const seen = productsOf(touch).reverse()
  return distinct([...seen, ...viewed]).slice(0, maxViewed)
}

/** What was put on the wish list and not taken off it, the latest last. */
export function withWish(wishlist: readonly ListedItem[], touch: Touch): ListedItem[] {
  const items = productsOf(touch)
  const skus = new Set(items.map(({ sku }) => sku))
  const others = wishlist.filter(({ sku }) => !skus.has(sku))
  if (touch.type === 'add_to_wishlist') return [...others, ...distinct(items)].slice(-maxListed)
  return touch.type === 'remove_from_wishlist' ? others : [...wishlist]
}

/** What was added less what was removed, the latest last. */
export function withCart(cart: readonly ListedItem[], touch: Touch): ListedItem[] {
  const sign = touch.type === 'add_to_cart' ? 1 : touch.type === 'remove_from_cart' ? -1 : 0
  if (sign === 0) return [...cart]
  let after = [...cart]
  for (const item of namedItems(touch)) {
    const before = after.find(({ sku }) => sku === item.sku)
    // Quantities have 3 decimals.
    const quantity = Math.round(((before?.quantity ?? 0) + sign * item.quantity) * 1000) / 1000
    after = after.filter((other) => other !== before)
    if (quantity > 0) after.push({ ...before, ...listed(item), quantity })
  }
  return after.slice(-maxListed)
}

/** Without those whose number nobody could tell from another's when it is cut. */
const namedItems = ({ items = [] }: Touch) => items.filter(({ sku }) => sku.length <= maxListedCharacters)

const productsOf = (touch: Touch): ListedItem[] => namedItems(touch).map(listed)

function listed({ sku, productId, name, variant, category, brand, price }: ListedItem): ListedItem {
  return {
    sku,
    ...(productId !== undefined && { productId: cut(productId) }),
    ...(name !== undefined && { name: cut(name) }),
    ...(variant !== undefined && { variant: cut(variant) }),
    ...(category !== undefined && { category: cut(category) }),
    ...(brand !== undefined && { brand: cut(brand) }),
    ...(price !== undefined && { price }),
  }
}

const cut = (text: string): string => text.slice(0, maxListedCharacters)

function distinct(items: readonly ListedItem[]): ListedItem[] {
  const once = new Map<string, ListedItem>()
  for (const item of items) if (!once.has(item.sku)) once.set(item.sku, item)
  return [...once.values()]
}
