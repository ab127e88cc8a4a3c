import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../infra/config.ts'
import { travelFile } from '../journey/travel.ts'

describe('configuration', () => {
  test('needs nothing to be set', () => {
    expect(parseConfig(undefined)).toMatchObject({
      stage: 'trial',
      prefix: 'omnijourney-trial',
      stream: { mode: 'provisioned', shards: 1 },
      tables: { mode: 'on-demand' },
      lakeBufferSeconds: 300,
      removalPolicy: 'retain',
      access: { clients: [] },
      api: { origins: [], requestsPerSecond: 50, burst: 100 },
      settings: { currency: 'EUR', phoneCountry: 'DE', keepAnchors: true },
    })
  })

  test('takes from the profile what is not set', () => {
    const config = parseConfig({
      profile: 'small',
      stream: { mode: 'provisioned', shards: 3 },
      memory: { journey: 1024 },
      reservedConcurrency: { collect: 7 },
      api: { burst: 9 },
    })
    expect(config).toMatchObject({
      stream: { mode: 'provisioned', shards: 3 },
      tables: { mode: 'provisioned', eventsPerSecond: 100, maxEventsPerSecond: 1000 },
      publishWindowSeconds: 300,
      memory: { journey: 1024 },
      reservedConcurrency: { collect: 7, customers: 25 },
      api: { requestsPerSecond: 200, burst: 9 },
    })
  })

  test('takes an issuer that is there instead of clients', () => {
    const access = { issuer: 'https://id.example.org/realms/shop', audiences: ['omnijourney'] }
    expect(parseConfig({ access }).access).toEqual(access)
  })

  test('takes identifier types of the retailer’s own', () => {
    const identifierTypes = [
      { type: 'customer_id', class: 'anchor', limit: 1 },
      { type: 'student_card', class: 'contact', limit: 2 },
      { type: 'email', class: 'contact', limit: 5 },
    ]
    expect(parseConfig({ settings: { identifierTypes } }).settings.identifierTypes).toEqual(identifierTypes)
  })

  const type = (changes: object) => ({
    settings: { identifierTypes: [{ type: 'x', class: 'device', limit: 1, ...changes }] },
  })
  const place = 'omnijourney.settings.identifierTypes[0]'

  test.each([
    [{ settings: { currency: 'euro' } }, 'omnijourney.settings.currency: '],
    [{ settings: { currency: 'EUX' } }, 'omnijourney.settings.currency: the ISO 4217 code'],
    [{ settings: { phoneCountry: 'XX' } }, 'omnijourney.settings.phoneCountry: the ISO 3166 code'],
    [{ stream: { mode: 'provisioned', shards: 0 } }, 'stream.shards: a whole number from 1 to 500'],
    [{ stream: { mode: 'on-demand', shards: 2 } }, 'omnijourney.stream.shards: there is no such option'],
    [
      { tables: { mode: 'provisioned', eventsPerSecond: 9, maxEventsPerSecond: 3 } },
      'omnijourney.tables: maxEventsPerSecond has to be at least eventsPerSecond',
    ],
    [{ profile: 'huge' }, 'omnijourney.profile: Invalid option: expected one of "trial"|"small"|"large"'],
    [{ stage: 'Trial' }, 'omnijourney.stage: 1 to 20 small letters'],
    [{ name: 'myaws' }, 'omnijourney.name: a name without aws, amazon or cognito'],
    [{ region: 'Frankfurt' }, 'omnijourney.region: a region, such as eu-central-1'],
    [{ memory: { process: 64 } }, 'omnijourney.memory.process: a whole number of MB from 128 to 10240'],
    [{ memory: { proces: 512 } }, 'omnijourney.memory.proces: there is no such option'],
    [{ logDays: 31 }, 'omnijourney.logDays: one of 1, 3, 5'],
    [{ api: { origins: ['shop.example.org'] } }, 'api.origins[0]: a scheme and host, such as https://'],
    [{ alarmEmail: 'ops' }, 'omnijourney.alarmEmail: an e-mail address'],
    [{ firewall: { apiHost: 'https://x' } }, 'omnijourney.firewall.apiHost: the host of ApiUrl'],
    [{ access: { clients: [{ name: 'till', scopes: ['events'] }] } }, 'scopes[0]: one of events:write'],
    [{ access: { clients: [{ name: 'till', scopes: [] }] } }, 'clients[0].scopes: at least one scope'],
    [
      { access: { clients: Array(51).fill({ name: 'till', scopes: ['events:write'] }) } },
      'omnijourney.access.clients: at most 50 clients',
    ],
    [
      { access: { clients: Array(2).fill({ name: 'till', scopes: ['events:write'] }) } },
      'omnijourney.access.clients: each name once',
    ],
    [
      { access: { issuer: 'http://id.example.org', audiences: ['x'] } },
      'access.issuer: the URL of an OpenID',
    ],
    [{ lakeBufferSeconds: 30 }, 'omnijourney.lakeBufferSeconds: a whole number of seconds from 60 to 900'],
    [{ lakeBufferSeconds: 901 }, 'omnijourney.lakeBufferSeconds: a whole number of seconds from 60 to 900'],
    [{ lakeBufferSeconds: '300' }, 'omnijourney.lakeBufferSeconds: a whole number of seconds from 60 to 900'],
    [type({ class: 'magic' }), `${place}.class: Invalid option: expected one of "anchor"|"contact"`],
    [type({ limit: 0 }), `${place}.limit: a whole number from 1 on, or null for no limit`],
    [type({ limit: '3' }), `${place}.limit: a whole number`],
    [type({ type: 'Kundennummer' }), `${place}.type: 1 to 64 small letters`],
    [type({ type: 'email_sha256' }), `${place}.type: another name`],
    [type({ priority: 1 }), `${place}.priority: there is no such option`],
    [{ settings: { identifierTypes: [] } }, 'identifierTypes: at least one identifier type'],
    [{ settings: { blockedValues: [' '] } }, 'blockedValues[0]: a value that is not empty'],
    [{ settings: { ignoredDeviceSources: [''] } }, 'ignoredDeviceSources[0]: the source of events'],
    [{ shards: 2 }, 'omnijourney.shards: there is no such option'],
  ])('names what is wrong in %j, and what would be right', (context, problem) => {
    expect(() => parseConfig(context)).toThrow(problem)
  })

  const text = `{
  "app": "node infra/app.ts",
  "context": {
    "omnijourney": {
      "stage": "trial",
      "settings": {
        "currency": "EUR",
        "identifierTypes": [
          { "type": "email", "class": "contact", "limit": 5 },
          {
            "type": "email",
            "class": "contact"
          }
        ],
        "blockedValue": ["n/a"]
      }
    }
  }
}
`
  const file = { name: 'cdk.json', text }
  const { omnijourney } = JSON.parse(text).context

  test('names the lines of the file that are wrong, all of them', () => {
    const lines = /(cdk\.json:\d+: )?omnijourney\S+/g
    const told = () => {
      try {
        parseConfig(omnijourney, file)
      } catch (error) {
        return String(error).match(lines)
      }
    }
    expect(told()).toEqual([
      'cdk.json:10: omnijourney.settings.identifierTypes[1].limit:',
      'cdk.json:15: omnijourney.settings.blockedValue:',
    ])
    const repeated = structuredClone(omnijourney)
    repeated.settings.identifierTypes[1].limit = 1
    expect(() =>
      parseConfig(repeated, {
        name: 'cdk.json',
        text: JSON.stringify({ context: { omnijourney: repeated } }, null, 1),
      }),
    ).toThrow(
      /cdk\.json:\d+: omnijourney\.settings\.identifierTypes\[1\]\.type: each type once: email is number 1/,
    )
  })

  test('names no line if the context does not come from the file', () => {
    expect(() => parseConfig({ shards: 2 }, file)).toThrow(
      /^The configuration is not valid:\n {2}omnijourney\.shards:/,
    )
  })
})

describe('a journey model in a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-config-'))
  const withFile = (text: string) => {
    writeFileSync(join(directory, 'model.json'), text)
    return () => parseConfig({ model: 'model.json' }, undefined, directory)
  }
  const text = JSON.stringify(travelFile, null, 2)
  const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split('\n').length

  test('is found beside cdk.json and taken as it is', () => {
    expect(withFile(text)().model).toEqual(travelFile)
    expect(parseConfig({}, undefined, directory).model).toBeNull()
  })

  test('is told with the line of its option if it is not there', () => {
    const context = { stage: 'trial', model: 'models/travel.json' }
    const file = { name: 'cdk.json', text: JSON.stringify({ context: { omnijourney: context } }, null, 1) }
    const parse = () => parseConfig(context, file, directory)
    expect(parse).toThrow(
      'cdk.json:5: omnijourney.model: there is no file models/travel.json; its path is relative to cdk.json',
    )
    expect(() => parseConfig({ model: '.' }, undefined, directory)).toThrow('there is no file .;')
    expect(() => parseConfig({ model: 3 })).toThrow('omnijourney.model: the path of a file')
  })

  test.each([
    ['{\n "name": "travel",\n}', 'model.json:3: this is not JSON: PropertyNameExpected'],
    ['{\n "name": "travel"\n "phases": []\n}', 'model.json:3: this is not JSON: CommaExpected'],
    ['// ours\n{}', 'model.json:1: this is not JSON: InvalidCommentToken'],
    ['', 'model.json:1: this is not JSON: ValueExpected'],
    ['[]', 'model.json:1: the model: an object with name, phases, converts'],
  ])('that is none is told with its line: %j', (wrong, problem) => {
    expect(withFile(wrong)).toThrow(problem)
  })

  test('has all that is wrong told with its line, beside the rest of the configuration', () => {
    const wrong = text
      .replace('"converts": "booking"', '"converts": "buying"')
      .replace('"store"', '"shop"')
      .replace('"login": null', '"add_to_cart": "inspiration"')
    writeFileSync(join(directory, 'model.json'), wrong)
    const told = () => {
      try {
        parseConfig({ model: 'model.json', shards: 2 }, undefined, directory)
      } catch (error) {
        return String(error).split('\n').slice(1)
      }
    }
    expect(told()).toEqual([
      '  omnijourney.shards: there is no such option',
      `  model.json:${lineOf('"login"')}: add_to_cart: each once: it is there before, too`,
      expect.stringMatching(
        RegExp(`^  model.json:${lineOf('"converts"')}: converts: a phase \\(inspiration, `),
      ),
      expect.stringMatching(
        RegExp(`^  model.json:${lineOf('"store"')}: types.zone_dwell\\[0\\].channel\\[0\\]: a `),
      ),
    ])
  })
})
