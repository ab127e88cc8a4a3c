import type { Happening } from './chronicle.ts'
import type { SentEvent } from './event.ts'
import { isPlaceholder } from './mistakes.ts'
import {
  afterOnlineOrder,
  boughtAfter,
  has,
  isInStore,
  isNamed,
  isOnline,
  looksInStore,
  looksOnline,
  type Sign,
  wasAnonymousForWeeks,
} from './signs.ts'

/** Why a customer is worth looking at. */
export type Reason = {
  why: string
  /** The part of the customer in which it shows. */
  part: 'journeys' | 'identity'
  shows: Sign
}

export function reasons(happenings: readonly Happening[]): Reason[] {
  const sharedCookies = cookiesOfSeveral(happenings)
  const identity: readonly Omit<Reason, 'part'>[] = [
    { why: 'was anonymous for weeks before they said who they are', shows: wasAnonymousForWeeks },
    {
      why: 'shares a tablet with others of the household',
      shows: has(
        (event) => isNamed(event) && event.identifiers.some(({ value }) => sharedCookies.has(value)),
      ),
    },
  ]
  return [
    ...identity.map((reason) => ({ ...reason, part: 'identity' as const })),
    ...journeys.map((reason) => ({ ...reason, part: 'journeys' as const })),
  ]
}

const journeys: readonly Omit<Reason, 'part'>[] = [
  { why: 'looked online, bought in the store', shows: boughtAfter(looksOnline, isInStore) },
  { why: 'looked in the store, bought online', shows: boughtAfter(looksInStore, isOnline) },
  {
    why: 'ordered online, picked up in the store by a till that knows only the order',
    shows: afterOnlineOrder((event) => event.type === 'pickup' && isOnlyKnownBy(event, 'order_id')),
  },
  {
    why: 'ordered online, gave it back in a store',
    shows: afterOnlineOrder((event) => event.type === 'refund' && isInStore(event)),
  },
  {
    why: 'complained by phone, known by the number alone',
    shows: has(
      (event) =>
        event.type === 'complaint' && event.channel === 'call_center' && isOnlyKnownBy(event, 'phone'),
    ),
  },
  {
    why: 'ordered by phone',
    shows: has(({ type, channel }) => type === 'purchase' && channel === 'call_center'),
  },
  {
    why: 'introduced themselves to a kiosk that many others use',
    shows: has((event) => event.channel === 'kiosk' && isNamed(event)),
  },
]

function isOnlyKnownBy({ identifiers }: SentEvent, only: string): boolean {
  return identifiers.every(({ type }) => type === only)
}

/** Browsers in which more than one customer said who they are. */
function cookiesOfSeveral(happenings: readonly Happening[]): ReadonlySet<string> {
  const users = new Map<string, Set<number | null>>()
  for (const { event, customer } of happenings) {
    if (!isNamed(event)) continue
    for (const one of event.identifiers) {
      if (one.type !== 'cookie_id' || isPlaceholder(one)) continue
      users.set(one.value, (users.get(one.value) ?? new Set()).add(customer))
    }
  }
  return new Set([...users].flatMap(([cookie, { size }]) => (size > 1 ? [cookie] : [])))
}
