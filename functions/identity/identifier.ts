import { createHash } from 'node:crypto'
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { IdentifierClass, Settings } from '../runtime/settings.ts'
import { baseType } from './identifier-type.ts'
import { createJunkFilter, isCardNumber, type JunkFilter } from './junk.ts'

/** An identifier as a channel system sends it. */
export type SentIdentifier = { type: string; value: string }

/**
 * An identifier in its one canonical form. E-mail addresses and phone numbers are the SHA-256 (lower-case hex) of
 * their normalised value, so that a raw value and its hash are the same identifier.
 */
export type Identifier = {
  type: string
  class: IdentifierClass
  value: string
  /** A form to show that gives nothing away. */
  masked: string
}

type NormalisedIdentifiers = {
  /** By priority, then by position in the event; each value once. */
  identifiers: Identifier[]
  /** How many were dropped because they identify nobody. */
  dropped: number
  /** The anchor type of which the event has two values, or null. */
  conflict: string | null
}

export type IdentifierNormaliser = (sent: readonly SentIdentifier[], source: string) => NormalisedIdentifiers

/** Contract, Identity rules 1, 2 and 4. Build it once: it prepares the lists of blocked values. */
export function createIdentifierNormaliser(settings: Settings): IdentifierNormaliser {
  const junk = createJunkFilter(settings.blockedValues)
  const types = new Map(settings.identifierTypes.map((type, priority) => [type.type, { ...type, priority }]))
  const ignoredSources = new Set(settings.ignoredDeviceSources)

  return (sent, source) => {
    const kept: (Identifier & { priority: number })[] = []
    const seen = new Set<string>()
    let dropped = 0
    for (const { type: sentType, value: sentValue } of sent) {
      const type = types.get(baseType(sentType))
      const ignored = type?.class === 'device' && ignoredSources.has(source)
      const canonical =
        type && !ignored ? canonicalValue(type.class, sentType, sentValue, settings, junk) : null
      if (!type || canonical === null) {
        dropped++
        continue
      }
      const key = `${type.type}\0${canonical.value}`
      if (seen.has(key)) continue
      seen.add(key)
      kept.push({ type: type.type, class: type.class, priority: type.priority, ...canonical })
    }
    kept.sort((a, b) => a.priority - b.priority)
    return {
      identifiers: kept.map(({ priority: _, ...identifier }) => identifier),
      dropped,
      conflict: conflictingAnchor(kept),
    }
  }
}

function conflictingAnchor(kept: readonly Identifier[]): string | null {
  const anchors = kept.filter((identifier) => identifier.class === 'anchor').map(({ type }) => type)
  return anchors.find((type, position) => anchors.indexOf(type) !== position) ?? null
}

function canonicalValue(
  typeClass: IdentifierClass,
  type: string,
  sent: string,
  settings: Settings,
  junk: JunkFilter,
): { value: string; masked: string } | null {
  const value = sent.trim()
  if (junk.isJunk(value)) return null
  switch (type) {
    case 'email': {
      const email = value.toLowerCase()
      return email.includes('@') ? hashed(email, maskEmail(email), junk) : null
    }
    case 'phone': {
      const country = isSupportedCountry(settings.phoneCountry) ? settings.phoneCountry : undefined
      const phone = parsePhoneNumberFromString(value, {
        ...(country && { defaultCountry: country }),
        extract: false,
      })
      return phone?.isValid() ? hashed(phone.number, maskTail(phone.number), junk) : null
    }
    case 'email_sha256':
    case 'phone_sha256': {
      const hex = hashAsHex(value)
      return hex && !junk.isJunkHash(hex) && !/^0+$/.test(hex) ? { value: hex, masked: '***' } : null
    }
    default:
      return typeClass === 'card' && isCardNumber(value) ? null : { value, masked: maskTail(value) }
  }
}

/** A contact by its hash; null if its normalised form identifies nobody. */
function hashed(value: string, masked: string, junk: JunkFilter) {
  const hash = sha256(value)
  return junk.isJunkHash(hash) ? null : { value: hash, masked }
}

/** 32 bytes as hex or base64 (either alphabet), or null. */
function hashAsHex(value: string): string | null {
  if (/^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase()
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(value)) return null
  const bytes = Buffer.from(value, 'base64')
  return bytes.length === 32 ? bytes.toString('hex') : null
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}

function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${at > 1 ? email.slice(0, 1) : ''}***${email.slice(at)}`
}

/** The last characters, at most a third of the value and never more than four. */
function maskTail(value: string): string {
  const characters = [...value]
  const shown = Math.min(4, Math.floor(characters.length / 3))
  return `***${shown > 0 ? characters.slice(-shown).join('') : ''}`
}
