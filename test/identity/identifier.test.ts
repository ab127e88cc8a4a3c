import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createIdentifierNormaliser, type SentIdentifier } from '../../functions/identity/identifier.ts'
import { settingsSchema } from '../../functions/runtime/settings.ts'

const normaliserWith = (configured: object = {}) =>
  createIdentifierNormaliser(settingsSchema.parse(configured))
const normalise = normaliserWith()
const sha256 = (value: string) => createHash('sha256').update(value).digest()
const hexOf = (value: string) => sha256(value).toString('hex')
const base64Of = (value: string) => sha256(value).toString('base64')

const idsOf = (...sent: [type: string, value: string][]) =>
  normalise(
    sent.map(([type, value]) => ({ type, value })),
    'shop',
  )
const one = (type: string, value: string, by = normalise) => {
  const [identifier, ...others] = by([{ type, value }], 'shop').identifiers
  if (others.length > 0) throw new Error('one identifier became several')
  return identifier
}
const canonicalOf = (type: string, value: string, by = normalise) => one(type, value, by)?.value

describe('the one form of an identifier', () => {
  it.each([
    ['email', 'ann@example.org', ['  Ann@Example.ORG ', 'ANN@EXAMPLE.ORG\n', '\u00a0ann@example.org']],
    ['phone', '+4930123456', ['030 123456', '(030) 123 456', '0049 30 123456', ' +49-30-123456 ']],
    ['phone', '+442079460018', ['+44 20 7946 0018', '0044 20 7946 0018', '+44 (0)20 7946 0018']],
    ['customer_id', 'C-1', [' C-1', 'C-1\t']],
    ['cookie_id', 'aBc', [' aBc ']],
    ['payment_card', 'tok_1', [' tok_1 ']],
  ])('of %s %s is that of %j', (type, canonical, written) => {
    const value = canonicalOf(type, canonical)
    expect(value).toBeDefined()
    expect(written.map((sent) => canonicalOf(type, sent))).toEqual(written.map(() => value))
  })

  it('takes a phone number without country code for one of the configured country', () => {
    const austrian = normaliserWith({ phoneCountry: 'AT' })
    expect(canonicalOf('phone', '01 5131640', austrian)).toBe(canonicalOf('phone', '+43 1 5131640'))
    expect(canonicalOf('phone', '+49 30 123456', austrian)).toBe(canonicalOf('phone', '030 123456'))
  })

  it('knows only numbers with country code where no country of that name has phones', () => {
    const nowhere = normaliserWith({ phoneCountry: 'ZZ' })
    expect(canonicalOf('phone', '030 123456', nowhere)).toBeUndefined()
    expect(canonicalOf('phone', '+49 30 123456', nowhere)).toBe(canonicalOf('phone', '030 123456'))
  })

  it('keeps the case of what is not an e-mail address', () => {
    expect(canonicalOf('loyalty_id', 'ab')).not.toBe(canonicalOf('loyalty_id', 'AB'))
  })

  it.each([
    ['email', 'Ann@Example.org', 'ann@example.org'],
    ['phone', '030 123456', '+4930123456'],
  ])('of %s is also that of its hash, however that is written', (type, raw, canonical) => {
    const base64 = base64Of(canonical)
    const written = [
      hexOf(canonical),
      hexOf(canonical).toUpperCase(),
      ` ${hexOf(canonical)} `,
      base64,
      base64.replace('=', ''),
      base64.replaceAll('+', '-').replaceAll('/', '_'),
      sha256(canonical).toString('base64url'),
    ]
    for (const hash of written) expect(one(`${type}_sha256`, hash)).toMatchObject({ type, ...rest(raw) })

    function rest(value: string) {
      return { value: canonicalOf(type, value), class: 'contact' }
    }
  })

  it('reads hashes in base64url that look unlike base64', () => {
    const names = Array.from({ length: 200 }, (_, index) => `p${index}@example.org`)
    const told = names.filter((name) => /[-_]/.test(sha256(name).toString('base64url')))
    expect(told.length).toBeGreaterThan(20)
    for (const name of told)
      expect(canonicalOf('email_sha256', sha256(name).toString('base64url'))).toBe(canonicalOf('email', name))
  })
})

const words = [
  'null',
  'undefined',
  'none',
  'nan',
  'anonymous',
  'unknown',
  'guest',
  'true',
  'false',
  '-1',
  '[object Object]',
]
const addresses = [
  'test@test.com',
  'test@example.com',
  'example@example.com',
  'none@none.com',
  'no@email.com',
]

describe('what identifies nobody', () => {
  it.each([...words, ...addresses])('drops %s in any case and within quotes', (word) => {
    const written = [
      word,
      word.toUpperCase(),
      word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase(),
      ` ${word} `,
      `"${word}"`,
      `'${word.toUpperCase()}'`,
      `" ${word} "`,
      `„${word}“`,
      `\`${word}\``,
    ]
    for (const value of written) {
      expect(idsOf(['cookie_id', value])).toEqual({ identifiers: [], dropped: 1, conflict: null })
      expect(idsOf(['customer_id', value], ['email', value]).identifiers).toEqual([])
    }
  })

  it.each([...words, ...addresses])('drops the hash of %s', (word) => {
    const lower = word.toLowerCase()
    for (const type of ['email_sha256', 'phone_sha256'])
      for (const hash of [hexOf(lower), hexOf(lower).toUpperCase(), base64Of(lower)])
        expect(one(type, hash)).toBeUndefined()
  })

  it('drops the hash of [object Object], which is what scripts hash by mistake', () => {
    expect(one('phone_sha256', hexOf('[object Object]'))).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['spaces', ' \t '],
    ['quotes only', '""'],
    ['zeros', '0'],
    ['zeros', '000000'],
    ['dashes', '---'],
    ['zeros and dashes', '00000000-0000-0000-0000-000000000000'],
    ['zeros in quotes', '"0000"'],
    ['a control character', 'a\u0000b'],
    ['a line break within', 'a\nb'],
    ['a delete', 'a\u007fb'],
    ['a C1 control character', 'a\u0085b'],
    ['256 characters', 'x'.repeat(256)],
    ['256 characters beyond the basic plane', '😀'.repeat(256)],
  ])('drops %s', (_, value) => {
    expect(one('cookie_id', value)).toBeUndefined()
    expect(one('customer_id', value)).toBeUndefined()
  })

  it.each([
    ['255 characters', 'x'.repeat(255)],
    ['255 characters of two units each', '😀'.repeat(255)],
    ['255 characters and spaces around', ` ${'x'.repeat(255)} `],
    ['a word that contains one', 'guest-7'],
    ['-10', '-10'],
    ['zeros and a one', '0001'],
    ['a word that only an e-mail address could be', 'test@test.org'],
  ])('keeps %s', (_, value) => {
    expect(canonicalOf('cookie_id', value)).toBe(value.trim())
  })

  it.each([
    ['email', 'ann.example.org'],
    ['phone', '12'],
    ['phone', 'call me'],
    ['phone', '+49 30 12345678901234567890'],
    ['phone', 'Tel.: 030 123456, ask for Ann'],
    ['email_sha256', 'ann@example.org'],
    ['email_sha256', hexOf('ann@example.org').slice(1)],
    ['email_sha256', `${hexOf('ann@example.org')}0`],
    ['email_sha256', hexOf('ann@example.org').replace(/^./, 'g')],
    ['phone_sha256', `${base64Of('+4930123456')}=`],
    ['phone_sha256', '0'.repeat(64)],
    ['phone_sha256', Buffer.alloc(32).toString('base64')],
    ['email_sha256', hexOf('')],
  ])('drops the %s %s', (type, value) => {
    expect(idsOf([type, value])).toMatchObject({ identifiers: [], dropped: 1 })
  })

  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '378282246310005',
    '0000 0000 0000 0000',
  ])('drops the raw card number %s', (value) => {
    expect(idsOf(['payment_card', value])).toMatchObject({ identifiers: [], dropped: 1 })
  })

  it.each(['4111111111111112', '79927398713', 'tok_4111111111111111', 'd41d8cd98f00b204e9800998ecf8427e'])(
    'keeps the card token %s',
    (value) => {
      expect(canonicalOf('payment_card', value)).toBe(value)
    },
  )

  it('finds raw card numbers of 12 to 19 digits and no others', () => {
    const withCheckDigit = (start: string) =>
      Array.from({ length: 10 }, (_, digit) => `${start}${digit}`).filter(
        (value) => !one('payment_card', value),
      )
    for (const length of [12, 13, 16, 18, 19])
      expect(withCheckDigit('4929813374650283174'.slice(0, length - 1))).toHaveLength(1)
    for (const length of [11, 20])
      expect(withCheckDigit('49298133746502831744'.slice(0, length - 1))).toEqual([])
  })

  it('takes a card number for what it is in other types', () => {
    expect(canonicalOf('loyalty_id', '4111111111111111')).toBe('4111111111111111')
  })

  it('finds a raw card number under every type of class card', () => {
    const identifierTypes = [{ type: 'gift_card', class: 'card', limit: 10 }]
    const { identifiers } = normaliserWith({ identifierTypes })(
      [{ type: 'gift_card', value: '4111111111111111' }],
      'shop',
    )
    expect(identifiers).toEqual([])
  })

  it('drops configured values, too, and their hashes', () => {
    const configured = normaliserWith({ blockedValues: ['Kiosk-1', 'Shop@Retailer.example'] })
    expect(one('cookie_id', 'KIOSK-1', configured)).toBeUndefined()
    expect(one('email', '"shop@retailer.example"', configured)).toBeUndefined()
    expect(one('email_sha256', hexOf('shop@retailer.example'), configured)).toBeUndefined()
    expect(one('cookie_id', 'KIOSK-1')).toBeDefined()
  })

  it('drops a configured phone number however it is written', () => {
    const configured = normaliserWith({ blockedValues: ['+4930123456'] })
    expect(one('phone', '+4930123456', configured)).toBeUndefined()
    expect(one('phone', '030 / 123456', configured)).toBeUndefined()
  })

  it('ignores the devices, and nothing else, of configured sources', () => {
    const configured = normaliserWith({ ignoredDeviceSources: ['tablet-7'] })
    const sent: SentIdentifier[] = [
      { type: 'customer_id', value: 'c' },
      { type: 'payment_card', value: 'tok' },
      { type: 'device_id', value: 'd' },
      { type: 'cookie_id', value: 'k' },
    ]
    const typesOf = (source: string) => configured(sent, source).identifiers.map(({ type }) => type)
    expect(typesOf('tablet-7')).toEqual(['customer_id', 'payment_card'])
    expect(typesOf('tablet-70')).toEqual(['customer_id', 'payment_card', 'device_id', 'cookie_id'])
    expect(configured(sent, 'tablet-7').dropped).toBe(2)
  })
})

describe('the identifiers of an event', () => {
  it('come by priority and within a type by position', () => {
    const sent: [string, string][] = [
      ['wifi_id', 'w'],
      ['cookie_id', 'k2'],
      ['cookie_id', 'k1'],
      ['phone_sha256', hexOf('+4930123456')],
      ['order_id', 'o'],
      ['email', 'ann@example.org'],
      ['payment_card', 'tok'],
      ['device_id', 'd'],
      ['app_install_id', 'a'],
      ['loyalty_id', 'l'],
      ['customer_id', 'c'],
    ]
    expect(idsOf(...sent).identifiers.map(({ type, value }) => [type, value.slice(0, 2)])).toEqual([
      ['customer_id', 'c'],
      ['loyalty_id', 'l'],
      ['email', hexOf('ann@example.org').slice(0, 2)],
      ['phone', hexOf('+4930123456').slice(0, 2)],
      ['payment_card', 'to'],
      ['order_id', 'o'],
      ['app_install_id', 'a'],
      ['device_id', 'd'],
      ['cookie_id', 'k2'],
      ['cookie_id', 'k1'],
      ['wifi_id', 'w'],
    ])
  })

  it('follow the configured order of types', () => {
    const identifierTypes = [
      { type: 'cookie_id', class: 'device', limit: 50 },
      { type: 'customer_id', class: 'anchor', limit: 1 },
    ]
    const { identifiers, dropped } = normaliserWith({ identifierTypes })(
      [
        { type: 'customer_id', value: 'c' },
        { type: 'cookie_id', value: 'k' },
        { type: 'email', value: 'ann@example.org' },
      ],
      'shop',
    )
    expect(identifiers.map(({ type }) => type)).toEqual(['cookie_id', 'customer_id'])
    expect(dropped).toBe(1)
  })

  it('has a value once, however it is written', () => {
    const { identifiers, dropped, conflict } = idsOf(
      ['customer_id', 'c'],
      ['email', 'Ann@example.org'],
      ['email_sha256', hexOf('ann@example.org')],
      ['customer_id', ' c '],
      ['email', 'ann@example.org'],
    )
    expect(identifiers).toHaveLength(2)
    expect([dropped, conflict]).toEqual([0, null])
  })

  it('takes the same value in two types for two identifiers', () => {
    expect(idsOf(['customer_id', '7'], ['loyalty_id', '7'])).toMatchObject({ conflict: null })
    expect(idsOf(['customer_id', '7'], ['loyalty_id', '7']).identifiers).toHaveLength(2)
  })

  it.each<[string, [string, string][], string | null]>([
    [
      'two values of an anchor',
      [
        ['customer_id', 'a'],
        ['customer_id', 'b'],
      ],
      'customer_id',
    ],
    [
      'two values of the other anchor',
      [
        ['loyalty_id', 'a'],
        ['customer_id', 'a'],
        ['loyalty_id', 'b'],
      ],
      'loyalty_id',
    ],
    [
      'an anchor in two cases',
      [
        ['customer_id', 'a'],
        ['customer_id', 'A'],
      ],
      'customer_id',
    ],
    [
      'one of them junk',
      [
        ['customer_id', 'a'],
        ['customer_id', 'NULL'],
      ],
      null,
    ],
    [
      'one of each anchor',
      [
        ['customer_id', 'a'],
        ['loyalty_id', 'b'],
      ],
      null,
    ],
    [
      'two e-mail addresses',
      [
        ['email', 'a@example.org'],
        ['email', 'b@example.org'],
      ],
      null,
    ],
    [
      'two cookies',
      [
        ['cookie_id', 'a'],
        ['cookie_id', 'b'],
      ],
      null,
    ],
  ])('conflict: %s', (_, sent, conflict) => {
    expect(idsOf(...sent).conflict).toBe(conflict)
  })
})

describe('the form to show', () => {
  it.each([
    ['email', 'ann@example.org', 'a***@example.org'],
    ['email', 'a@example.org', '***@example.org'],
    ['email', '@example.org', '***@example.org'],
    ['phone', '030 123456', '***456'],
    ['email_sha256', hexOf('ann@example.org'), '***'],
    ['phone_sha256', hexOf('+4930123456'), '***'],
    ['payment_card', 'tok_1234567890', '***7890'],
    ['customer_id', 'C-1', '***1'],
    ['customer_id', '7', '***'],
    ['customer_id', '77', '***'],
    ['cookie_id', '😀😀😀', '***😀'],
  ])('of %s %s is %s', (type, value, masked) => {
    expect(one(type, value)?.masked).toBe(masked)
  })

  it.each(['customer_id', 'payment_card', 'cookie_id', 'order_id'])('of %s shows at most a third', (type) => {
    for (let length = 1; length <= 40; length++) {
      const masked = one(type, 'abcdefghij'.repeat(4).slice(0, length))?.masked ?? ''
      expect(masked.slice(0, 3)).toBe('***')
      expect(masked.length - 3).toBeLessThanOrEqual(Math.min(4, length / 3))
    }
  })

  it('of an e-mail address shows one character of the name at most', () => {
    for (const name of ['a', 'ab', 'abc', 'ann.of.green.gables', 'a@b']) {
      const masked = one('email', `${name}@example.org`)?.masked ?? ''
      expect(masked).toMatch(/^.?\*\*\*@example\.org$/u)
      expect(masked.includes(name) && name.length > 1).toBe(false)
    }
  })
})
