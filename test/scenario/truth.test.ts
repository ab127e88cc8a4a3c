import { beforeAll, describe, expect, it } from 'vitest'
import { isCardNumber } from '../../functions/identity/junk.ts'
import { identifierKey } from '../../functions/store/keys.ts'
import { contentOf } from '../../functions/touchpoint/content.ts'
import { truthKey } from '../../infra/demo/world.ts'
import { hmacKey } from '../identity/sequential.ts'
import { type VariantName, variantNames, variants } from './ablation.ts'
import { createTruthTrial, type Finding } from './truth.ts'

const seeds = [1, 2, 3]
const start = new Date('2026-08-03T00:00:00Z')
const trialOf = (seed: number) => createTruthTrial({ seed, customers: 300, days: 90, start })

describe('persons found in a retail world', () => {
  const findings = new Map<string, Finding[]>()

  beforeAll(() => {
    const trials = seeds.map(trialOf)
    for (const name of variantNames)
      findings.set(
        name,
        trials.map(({ find }) => find(name)),
      )
    findings.set(
      'at best',
      trials.map(({ findAtBest }) => findAtBest()),
    )
  })

  const of = (name: VariantName | 'at best') => findings.get(name) ?? []
  const mean = (name: VariantName | 'at best', figure: keyof Finding) =>
    of(name).reduce((sum, finding) => sum + finding[figure], 0) / seeds.length

  it('are nearly all right, and nearly all that the events can tell', () => {
    for (const { precision, recall } of of('full rules')) {
      expect(precision).toBeGreaterThan(0.97)
      expect(recall).toBeGreaterThan(0.84)
    }
    expect(mean('full rules', 'precision')).toBeGreaterThan(0.975)
    expect(mean('full rules', 'recall')).toBeGreaterThan(0.855)
    expect(mean('at best', 'precision')).toBe(1)
    expect(mean('at best', 'recall') - mean('full rules', 'recall')).toBeLessThan(0.03)
  })

  const noise = 0.01
  it.each([
    'junk is kept',
    'no limits',
    'cards join known persons',
    'devices and orders join types in common',
    'no shared devices',
  ] as const)('are not found better when %s', (name) => {
    expect(mean(name, 'f1')).toBeLessThan(mean('full rules', 'f1') + noise)
    expect(mean(name, 'precision')).toBeLessThan(mean('full rules', 'precision') + noise / 10)
  })

  it('are mixed up where junk counts, and where devices join persons who have a type in common', () => {
    expect(mean('junk is kept', 'precision')).toBeLessThan(mean('full rules', 'precision') - 0.08)
    const withTypesInCommon = mean('devices and orders join types in common', 'precision')
    expect(withTypesInCommon).toBeLessThan(mean('full rules', 'precision') - 0.02)
  })

  it('are not given what others do at a kiosk, once it is known as shared', () => {
    expect(mean('no shared devices', 'strays')).toBeGreaterThan(3 * mean('full rules', 'strays'))
  })

  it.each([
    ['devices ignored', 0.5],
    ['orders ignored', 0.05],
    ['cards ignored', 0.0005],
  ] as const)('are found less completely with %s', (name, loss) => {
    expect(mean(name, 'recall')).toBeLessThan(mean('full rules', 'recall') - loss)
  })

  it('are never wrong and seldom found by the retailer’s own keys alone', () => {
    expect(mean('anchors only', 'precision')).toBe(1)
    expect(mean('anchors only', 'recall')).toBeLessThan(0.2)
  })
})

describe('a retail world, resolved', () => {
  const trial = trialOf(seeds[0] ?? 1)
  const variant = variants['full rules']
  const world = trial.resolve(variant)

  it('has every event once, with somebody or nobody, and none rejected', () => {
    expect(world.quarantined).toEqual([])
    const keys = [...world.stored().map(({ event }) => event), ...new Set(world.nobodys)].map(truthKey)
    expect(new Set(keys)).toEqual(new Set(trial.retail.truth.keys()))
    expect(world.stored()).toHaveLength(new Set(world.stored().map(({ event }) => truthKey(event))).size)
  })

  it('shows whom it recommends, by the identifier it gives', () => {
    expect(trial.retail.worthLookingAt.length).toBeGreaterThan(7)
    for (const { customer, lookup } of trial.retail.worthLookingAt) {
      const person = world.personOf(world.nodeOf(lookup) ?? '')
      expect(person.kind).toBe(customer === null ? 'shared_device' : 'person')
      if (customer === null) continue
      const touches = world.stored().filter(({ nodeId }) => nodeId in person.nodes)
      const own = touches.filter(({ event }) => trial.retail.truth.get(truthKey(event)) === customer)
      expect(own.length).toBeGreaterThan(0.8 * touches.length)
      const history = [...trial.retail.truth.values()].filter((truly) => truly === customer)
      expect(own.length).toBeGreaterThan(0.6 * history.length)
    }
  })

  it('keeps no address, phone number or card number', () => {
    const kept = new Set<string>(world.bindings.keys())
    for (const { event } of [...world.stored(), ...world.nobodys.map((nobodys) => ({ event: nobodys }))]) {
      const keys = variant
        .normalise(event.identifiers, event.source)
        .identifiers.map((one) => identifierKey(one, hmacKey))
      collectText(JSON.parse(contentOf(event, keys, hmacKey).body), kept)
    }
    const text = [...kept].join('\n').toLowerCase()
    const contacts = contactsSent(trial.retail.events.flatMap(({ identifiers }) => identifiers))
    expect(contacts.addresses.length).toBeGreaterThan(100)
    expect(contacts.digits.length).toBeGreaterThan(50)
    expect(contacts.addresses.filter((address) => text.includes(address))).toEqual([])
    const digits = [...kept].map((one) => one.replace(/\D/g, '')).filter((one) => one.length >= 8)
    expect(contacts.digits.filter((number) => digits.some((one) => one.includes(number)))).toEqual([])
  })
})

/** All strings and numbers in a value, names of fields included. */
function collectText(value: unknown, into: Set<string>): void {
  if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      into.add(name)
      collectText(inner, into)
    }
  } else into.add(String(value))
}

/** Addresses in lower case; of phone numbers, however spelled, the digits that all spellings share; card numbers. */
function contactsSent(sent: readonly { type: string; value: string }[]) {
  const addresses = new Set<string>()
  const digits = new Set<string>()
  for (const { type, value } of sent) {
    const bare = value.replace(/\D/g, '')
    if (type === 'email' && value.includes('@')) addresses.add(value.trim().toLowerCase())
    if (type === 'phone' && bare.length >= 8) digits.add(bare.slice(-8))
    if (type === 'payment_card' && isCardNumber(value)) digits.add(bare)
  }
  return { addresses: [...addresses], digits: [...digits] }
}
