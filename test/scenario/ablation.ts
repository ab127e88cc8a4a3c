import { createIdentifierNormaliser, type IdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { baseType } from '../../functions/identity/identifier-type.ts'
import { type JoinRules, joinRules } from '../../functions/identity/person.ts'
import type { IdentifierClass } from '../../functions/runtime/settings.ts'
import { settings } from '../identity/sequential.ts'

/** The rules of identity with something taken away. */
export type Variant = { normalise: IdentifierNormaliser; rules: JoinRules }

const normalise = createIdentifierNormaliser(settings)
const rules = joinRules(settings)

export const variants = {
  'full rules': { normalise, rules },
  'junk is kept': { normalise: keepingJunk, rules },
  'no limits': { normalise, rules: { ...rules, limits: new Map() } },
  // The class decides by which rule an identifier joins; a contact joins whom no limit keeps apart.
  'cards join known persons': { normalise: treating({ card: 'contact' }), rules },
  'devices and orders join types in common': {
    normalise: treating({ device: 'contact', bridge: 'contact' }),
    rules,
  },
  // Refused like a device, never marked as shared.
  'no shared devices': { normalise: treating({ device: 'bridge' }), rules },
  'devices ignored': { normalise: ignoring('device'), rules },
  'orders ignored': { normalise: ignoring('bridge'), rules },
  'cards ignored': { normalise: ignoring('card'), rules },
  'anchors only': { normalise: ignoring('contact', 'card', 'bridge', 'device'), rules },
} as const satisfies Record<string, Variant>

export type VariantName = keyof typeof variants
export const variantNames = Object.keys(variants).filter((name): name is VariantName => name in variants)

function treating(classes: Partial<Record<IdentifierClass, IdentifierClass>>): IdentifierNormaliser {
  return (sent, source) => {
    const normalised = normalise(sent, source)
    const identifiers = normalised.identifiers.map((one) => ({
      ...one,
      class: classes[one.class] ?? one.class,
    }))
    return { ...normalised, identifiers }
  }
}

function ignoring(...classes: IdentifierClass[]): IdentifierNormaliser {
  return (sent, source) => {
    const normalised = normalise(sent, source)
    const identifiers = normalised.identifiers.filter((one) => !classes.includes(one.class))
    return { ...normalised, identifiers }
  }
}

function keepingJunk(...[sent, source]: Parameters<IdentifierNormaliser>): ReturnType<IdentifierNormaliser> {
  const identifiers = settings.identifierTypes.flatMap(({ type, class: typeClass }) =>
    sent
      .filter((one) => baseType(one.type) === type)
      .map((one) => {
        const [kept] = normalise([one], source).identifiers
        return kept ?? { type, class: typeClass, value: one.value.trim(), masked: '***' }
      }),
  )
  const distinct = new Map(identifiers.map((one) => [`${one.type} ${one.value}`, one]))
  return { identifiers: [...distinct.values()], dropped: 0, conflict: null }
}
