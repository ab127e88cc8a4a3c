import { chainsOf } from '../../functions/identity/chains.ts'
import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { settingsSchema } from '../../functions/runtime/settings.ts'
import type { Happening } from './chronicle.ts'
import type { SentIdentifier } from './event.ts'

export type KnownHistory = {
  customer: number
  /** By time. */
  happenings: readonly Happening[]
  /** Whether nobody else ever used it. */
  isOwn: (identifier: SentIdentifier) => boolean
}

/**
 * Of every customer what can be known from the events: all that identifiers of nobody else's connect. What a
 * browser did that never came with a name is theirs as well, but cannot be known.
 */
export function knownHistories(happenings: readonly Happening[]): KnownHistory[] {
  const normalise = createIdentifierNormaliser(settingsSchema.parse({}))
  const namesOf = (identifiers: readonly SentIdentifier[], source: string) =>
    normalise(identifiers, source).identifiers.map(({ type, value }) => `${type} ${value}`)

  const users = new Map<string, Set<number | null>>()
  const told = happenings.map((happening) => {
    const { identifiers, source } = happening.event
    const names = namesOf(identifiers, source)
    for (const name of names) users.set(name, (users.get(name) ?? new Set()).add(happening.customer))
    return { happening, names }
  })
  const isAlone = (name: string) => users.get(name)?.size === 1
  const connecting = told
    .map(({ happening, names }) => ({ happening, names: names.filter(isAlone) }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => a.happening.atMs - b.happening.atMs)

  const longest = new Map<number, readonly Happening[]>()
  for (const chain of chainsOf(connecting, ({ names }) => names)) {
    const customer = chain[0]?.happening.customer ?? null
    if (customer === null || chain.length <= (longest.get(customer)?.length ?? 0)) continue
    longest.set(
      customer,
      chain.map(({ happening }) => happening),
    )
  }
  const isOwn = (identifier: SentIdentifier) => namesOf([identifier], '').some(isAlone)
  return [...longest].map(([customer, known]) => ({ customer, happenings: known, isOwn }))
}
