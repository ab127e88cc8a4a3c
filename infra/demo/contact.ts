import { createHash } from 'node:crypto'
import { named, type SentIdentifier } from './event.ts'
import type { Random } from './random.ts'

export type Phone = { area: string; line: string }

const firstNames =
  'anna ben carla david elif finn greta hannes ida jonas kim lena mehmet nora omar paula quentin rosa sven tilda'.split(
    ' ',
  )
const lastNames =
  'adler bauer conrad demir engel fuchs gruber hahn ivanov jung kaya lang meier nowak otto peters ruiz schulz vogel weiss'.split(
    ' ',
  )
const hosts = ['mail.example', 'post.example', 'web.example', 'example.org', 'inbox.example']

/** Numbers that the Bundesnetzagentur keeps free for films, with a digit more. */
const filmNumbers: readonly Phone[] = [
  { area: '30', line: '23125' },
  { area: '69', line: '90009' },
  { area: '40', line: '66969' },
  { area: '221', line: '4710' },
  { area: '89', line: '99998' },
]

export function createEmail(random: Random, number: number): string {
  return `${random.oneOf(firstNames)}.${random.oneOf(lastNames)}${number}@${random.oneOf(hosts)}`
}

/** Different for numbers below 50,000. */
export function createPhone(number: number): Phone {
  const { area, line } = filmNumbers[number % filmNumbers.length] ?? { area: '30', line: '23125' }
  const extension = Math.floor(number / filmNumbers.length) % 10_000
  return { area, line: `${line}${String(extension).padStart(4, '0')}` }
}

/** As people and forms write it. */
export function email(random: Random, address: string): SentIdentifier {
  const written = random.weighted({ plain: 8, capital: 2, shouting: 0.3, spaced: 0.5 })
  switch (written) {
    case 'plain':
      return named('email', address)
    case 'capital':
      return named('email', address.slice(0, 1).toUpperCase() + address.slice(1))
    case 'shouting':
      return named('email', address.toUpperCase())
    case 'spaced':
      return named('email', ` ${address} `)
  }
}

/** As marketing systems hand it on: most in hex, some in base64. */
export function emailHash(address: string, system: 'newsletter' | 'ads'): SentIdentifier {
  const encoding = system === 'newsletter' ? 'hex' : 'base64'
  return named('email_sha256', createHash('sha256').update(address).digest(encoding))
}

export function phone(random: Random, { area, line }: Phone): SentIdentifier {
  const spellings = [
    `+49${area}${line}`,
    `+49 ${area} ${line}`,
    `+49 (0)${area} ${line}`,
    `0049 ${area} ${line}`,
    `0${area}/${line}`,
    `0${area}-${line.slice(0, 4)} ${line.slice(4)}`,
    `(0${area}) ${line}`,
    `0${area}${line}`,
  ]
  return named('phone', random.oneOf(spellings))
}
