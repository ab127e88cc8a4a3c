import type { Random } from '../../infra/demo/random.ts'

export type SentIdentifier = { type: string; value: string }

type SentOrder = { id: string; total: number; fulfilment: string; sku: string }

/** A customer with what the channels may know of them; a value of null is one that they do not have. */
export type Person = {
  cookie: string | null
  app: string | null
  email: string | null
  loyalty: string | null
  card: string | null
  lastOrder: SentOrder | null
  /** Time of their latest event. */
  lastMs: number | null
}

export type VisitKind = 'web' | 'app' | 'email' | 'store'

export function createPerson(random: Random, number: number): Person {
  const tail = `${number.toString(36)}-${random.below(2 ** 30).toString(36)}`
  const has = (chance: number, value: string) => (random.chance(chance) ? value : null)
  const isMember = random.chance(0.45)
  const contacts = {
    cookie: has(isMember ? 0.7 : 0.85, `GA1.2.${tail}.1735689600`),
    app: has(isMember ? 0.3 : 0.05, `app-${tail}`),
    email: isMember || random.chance(0.3) ? `customer.${tail}@mail.example` : null,
    loyalty: isMember || random.chance(0.1) ? `L-${tail}` : null,
  }
  const isReachable = Object.values(contacts).some((value) => value !== null)
  return { ...contacts, card: has(isReachable ? 0.4 : 1, `tok_${tail}`), lastOrder: null, lastMs: null }
}

/** How they come, as often as listed. Who has no other contact pays by card in the store. */
export function visitKinds({ cookie, app, email, loyalty }: Person): VisitKind[] {
  const kinds: VisitKind[] = []
  if (cookie !== null) kinds.push('web', 'web', 'web')
  if (app !== null) kinds.push('app')
  if (email !== null) kinds.push('email', 'email')
  if (loyalty !== null) kinds.push('store', 'store')
  return kinds.length > 0 ? kinds : ['store']
}

/** The identifiers that a visit shows: mostly one, sometimes two. */
export function identifiersOf(random: Random, person: Person, kind: VisitKind): SentIdentifier[] {
  const known = (type: string, value: string | null) => (value === null ? [] : [{ type, value }])
  const sometimes = (chance: number, more: SentIdentifier[]) => (random.chance(chance) ? more : [])
  const { cookie, app, email, loyalty, card } = person
  switch (kind) {
    case 'web':
      return [...known('cookie_id', cookie), ...sometimes(0.25, known('email', email))]
    case 'app':
      return [...known('app_install_id', app), ...sometimes(0.3, known('loyalty_id', loyalty))]
    case 'email':
      return known('email', email)
    case 'store':
      return [
        ...known('loyalty_id', loyalty),
        ...sometimes(loyalty === null ? 1 : 0.25, known('payment_card', card)),
      ]
  }
}
