import type { Line, SentIdentifier } from './event.ts'
import { createWish } from './goods.ts'
import type { Stage, Visit } from './stage.ts'

const closerLooks = {
  add_to_wishlist: 3,
  compare_items: 2,
  check_availability: 2,
  review_read: 3,
  product_question: 0.5,
} as const

/** Looks for something in the shop or the app, for as long as people do. */
export function lookFor(
  { random }: Stage,
  visit: Visit,
  wish: Line,
  identifiers: readonly SentIdentifier[],
): void {
  const [, shelf = ''] = wish.category.split('/')
  if (random.chance(0.5)) visit.touch('search', identifiers, { query: shelf.toLowerCase() })
  else visit.touch('view_item_list', identifiers, { items: [wish, createWish(random)] })
  for (let others = random.below(3); others > 0; others--)
    visit.touch('view_item', identifiers, { items: [createWish(random)] })
  visit.touch('view_item', identifiers, { items: [wish] })
  if (random.chance(0.4)) visit.touch(random.weighted(closerLooks), identifiers, { items: [wish] })
}
