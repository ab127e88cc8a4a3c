import { dayMs } from './calendar.ts'
import type { Happening } from './chronicle.ts'
import type { Customer } from './customer.ts'
import type { SentIdentifier } from './event.ts'
import type { Story } from './stage.ts'
import type { Store } from './systems.ts'

export type Recommendation = {
  /** The true customer; null for a device of the store's. */
  customer: number | null
  /** What to look them up by. */
  lookup: SentIdentifier
  why: string
}

type Lives = {
  customers: readonly Customer[]
  stores: readonly Store[]
  happenings: readonly Happening[]
  stories: readonly { customer: number; story: Story }[]
}

const reasons = {
  webroom: 'looked online, bought in the store',
  showroom: 'looked in the store, bought online',
  clickAndCollect: 'ordered online, picked up in the store by a till that knows only the order',
  returnInStore: 'ordered online, gave it back in a store',
  complaint: 'complained by phone, known by the number alone',
  orderByPhone: 'ordered by phone',
  askAtKiosk: 'introduced themselves to a kiosk that many others use',
} as const satisfies Partial<Record<Story, string>>

const weeksOfAnonymityMs = 21 * dayMs

/** A few customers with a history that shows something, each once, those with the longest histories first. */
export function worthLookingAt({ customers, stores, happenings, stories }: Lives): Recommendation[] {
  const histories = Map.groupBy(happenings, ({ customer }) => customer)
  const historyOf = ({ number }: Customer) => histories.get(number) ?? []
  const byLength = customers.toSorted((a, b) => historyOf(b).length - historyOf(a).length)
  const chosen = new Map<number, Recommendation>()
  const choose = (why: string, isOne: (customer: Customer) => boolean) => {
    for (const customer of byLength) {
      const lookup =
        !chosen.has(customer.number) && isOne(customer) && introduction(customer, historyOf(customer))
      if (!lookup) continue
      chosen.set(customer.number, { customer: customer.number, lookup, why })
      return
    }
  }
  choose('was anonymous for weeks before they said who they are', (one) =>
    wasAnonymousForWeeks(historyOf(one)),
  )
  choose('shares a tablet with others of the household', ({ tablet }) => tablet !== null)
  for (const [name, why] of Object.entries(reasons)) {
    const withStory = new Set(stories.filter(({ story }) => story === name).map(({ customer }) => customer))
    choose(why, ({ number }) => withStory.has(number))
  }
  const [store] = stores
  const kiosk = store && { customer: null, lookup: store.kiosk.device, why: 'the kiosk itself, used by many' }
  return [...chosen.values(), ...(kiosk ? [kiosk] : [])]
}

/** Some identifier of their own that was sent. */
function introduction(
  { account, loyalty, addresses }: Customer,
  history: readonly Happening[],
): SentIdentifier | null {
  const own = new Set([account?.value, loyalty?.value, ...addresses])
  const sent = history.flatMap(({ event }) => event.identifiers)
  return sent.find(({ value }) => own.has(value)) ?? null
}

/** One cookie's first sight, and the first time that it came with a name. */
function wasAnonymousForWeeks(history: readonly Happening[]): boolean {
  const firstSeen = new Map<string, number>()
  for (const { event, atMs } of history.toSorted((a, b) => a.atMs - b.atMs)) {
    const cookie = event.identifiers.find(({ type }) => type === 'cookie_id')
    if (!cookie) continue
    const sinceMs = firstSeen.get(cookie.value) ?? atMs
    const isNamed = event.identifiers.some(({ type }) => type === 'customer_id' || type === 'email')
    if (isNamed) return atMs - sinceMs >= weeksOfAnonymityMs
    firstSeen.set(cookie.value, sinceMs)
  }
  return false
}
