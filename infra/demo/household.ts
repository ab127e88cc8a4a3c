import type { Customer } from './customer.ts'
import type { Random } from './random.ts'
import { rates } from './rates.ts'

/** Lets some of the customers with an address live together and share what households share. */
export function formHouseholds(random: Random, customers: readonly Customer[]): Customer[] {
  const living = [...customers]
  const named = customers.filter(({ addresses }) => addresses.length > 0)
  const largest = 3
  for (let at = 0; at + largest <= named.length; ) {
    const size = random.chance(rates.householdOfThree) ? largest : 2
    // Of each group of neighbours either all live together or nobody does.
    if (random.chance(rates.inHousehold)) {
      for (const member of share(random, named.slice(at, at + size))) living[member.number] = member
    }
    at += size
  }
  return living
}

function share(random: Random, members: readonly Customer[]): Customer[] {
  const token = members.map(({ number }) => number.toString(36)).join('-')
  const tablet = random.chance(rates.sharesTablet) ? [{ value: `ck-${token}`, sinceMs: -Infinity }] : null
  const card = random.chance(rates.sharesCard) ? members.flatMap(({ cards }) => cards).slice(0, 1) : []
  const line = random.chance(rates.sharesLandline) ? members.find(({ phone }) => phone)?.phone : undefined
  return members.map((member, at) => ({
    ...member,
    tablet,
    cards: at < 2 && card.length > 0 ? [...new Set([...card, ...member.cards])] : member.cards,
    phone: line ?? member.phone,
  }))
}
