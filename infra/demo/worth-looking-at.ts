import type { Happening } from './chronicle.ts'
import type { Customer } from './customer.ts'
import type { SentIdentifier } from './event.ts'
import { type KnownHistory, knownHistories } from './known-history.ts'
import { type Reason, reasons } from './reasons.ts'
import { isNamed } from './signs.ts'
import type { Store } from './systems.ts'

export type Recommendation = Pick<Reason, 'why' | 'part'> & {
  /** The true customer; null for a device of the store's. */
  customer: number | null
  /** What to look them up by. */
  lookup: SentIdentifier
}

type Lives = { customers: readonly Customer[]; stores: readonly Store[]; happenings: readonly Happening[] }

/** A few customers whose known history shows something, each once, those with the longest ones first. */
export function worthLookingAt({ customers, stores, happenings }: Lives): Recommendation[] {
  const histories = knownHistories(happenings).sort((a, b) => b.happenings.length - a.happenings.length)
  const chosen = new Map<number, Recommendation>()
  for (const { why, part, shows } of reasons(happenings)) {
    for (const history of histories) {
      const customer = customers[history.customer]
      if (!customer || chosen.has(customer.number) || !shows(history.happenings)) continue
      const lookup = introduction(customer, history)
      if (!lookup) continue
      chosen.set(customer.number, { customer: customer.number, lookup, why, part })
      break
    }
  }
  return [...chosen.values(), ...kioskOfMany(stores, happenings)]
}

/** One at which so many said who they are that it cannot pass for any one's own. */
function kioskOfMany(stores: readonly Store[], happenings: readonly Happening[]): Recommendation[] {
  const named = happenings.filter(({ event }) => isNamed(event))
  const kiosk = stores
    .map((store) => store.kiosk)
    .find(({ system }) => {
      const users = named.filter(({ event }) => event.source === system.source)
      return new Set(users.map(({ customer }) => customer)).size > 2
    })
  if (!kiosk) return []
  return [{ customer: null, lookup: kiosk.device, why: 'the kiosk itself, used by many', part: 'identity' }]
}

/** Some identifier of theirs, and of nobody else's, that was sent. */
function introduction(
  { account, loyalty, addresses }: Customer,
  { happenings, isOwn }: KnownHistory,
): SentIdentifier | undefined {
  const theirs = new Set([account?.value, loyalty?.value, ...addresses])
  const sent = happenings.flatMap(({ event }) => event.identifiers)
  return sent.find((one) => theirs.has(one.value) && isOwn(one))
}
