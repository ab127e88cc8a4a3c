import type { Random } from '../../infra/demo/random.ts'

const identifiers = [
  ['customer_id', 'c-1'],
  ['customer_id', 'c-2'],
  ['loyalty_id', 'L-1'],
  ['email', 'ann@example.org'],
  ['email', 'bob@example.org'],
  ['payment_card', 'tok-1'],
  ['order_id', 'O-1'],
  ['cookie_id', 'k-1'],
  ['cookie_id', 'k-2'],
  ['device_id', 'd-1'],
] as const satisfies readonly SentIdentifier[]

/** Those of them that an operator may mark. */
export const devices = identifiers
  .filter(([type]) => type === 'cookie_id' || type === 'device_id')
  .map(([type, value]) => ({ type, value }))

const types = [
  'view_item',
  'add_to_cart',
  'email_sent',
  'login',
  'purchase',
  'purchase',
  'refund',
  'cancellation',
  'pickup',
  'complaint',
] as const
const channels = ['web', 'store', 'app', 'email'] as const

/** Events of a handful of people who share what they should not, over some months, as they may arrive. */
export function smallWorld(random: Random, count: number): string[] {
  return shuffledWorld(random, count, { identifiers, days: 160 })
}

/** The same of one person: whatever comes is early, late or twice. */
export function onePersonsWorld(random: Random, count: number): string[] {
  return shuffledWorld(random, count, { identifiers: [['email', 'ann@example.org']], days: 50 })
}

/** Of five people whom no event connects. */
export function apartWorld(random: Random, count: number): string[] {
  const people = ['a', 'b', 'c', 'd', 'e'].map((name) => ['customer_id', name] as const)
  return shuffledWorld(random, count, { identifiers: people, days: 120, chance: 0 })
}

type SentIdentifier = readonly [type: string, value: string]

function shuffledWorld(
  random: Random,
  count: number,
  world: { identifiers: readonly SentIdentifier[]; days: number; chance?: number },
): string[] {
  const { identifiers, days, chance = 0.16 } = world
  const pick = <T>(values: readonly T[]): T | undefined => values[random.below(values.length)]
  const events = Array.from({ length: count }, (_, index) => {
    const type = pick(types) ?? 'view_item'
    const isMoney = ['purchase', 'refund', 'cancellation', 'pickup'].includes(type)
    const chosen = identifiers.filter(() => random.chance(chance))
    const [first] = chosen.length > 0 ? chosen : [pick(identifiers)]
    const sent = chosen.length > 0 ? chosen : first ? [first] : []
    const oncePerAnchor = sent.filter(
      ([name], at) => name !== 'customer_id' || sent.findIndex(([other]) => other === name) === at,
    )
    const day = random.below(days)
    return JSON.stringify({
      id: `e${index}`,
      source: random.chance(0.5) ? 'web' : 'pos',
      time: new Date(Date.UTC(2026, 0, 1) + day * 86_400_000 + random.below(3) * 3_600_000).toISOString(),
      channel: pick(channels),
      type,
      identifiers: oncePerAnchor.map(([name, value]) => ({ type: name, value })),
      ...(isMoney && {
        order: {
          ...(random.chance(0.8) && { id: `O-${random.below(4)}` }),
          ...(random.chance(0.7) && { total: random.below(10_000) / 100 }),
          ...(random.chance(0.3) && { currency: pick(['EUR', 'GBP']) }),
          ...(type !== 'purchase' && random.chance(0.5) && { refundId: `F-${random.below(3)}` }),
        },
      }),
      ...(random.chance(0.3) && { profile: { tier: pick(['gold', 'silver']) } }),
      ...(random.chance(0.2) && { feedback: { nps: random.below(11) } }),
    })
  })
  const repeated = events.flatMap((event) => (random.chance(0.25) ? [event, event] : [event]))
  return repeated
    .map((event) => ({ event, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event)
}
