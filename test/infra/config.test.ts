import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../infra/config.ts'

describe('configuration', () => {
  test('needs nothing to be set', () => {
    expect(parseConfig(undefined)).toMatchObject({
      stage: 'trial',
      shardCount: 1,
      removalPolicy: 'retain',
      settings: { currency: 'EUR', phoneCountry: 'DE', keepAnchors: true },
    })
  })

  test.each([
    [{ settings: { currency: 'euro' } }, 'omnijourney.settings.currency:'],
    [{ shardCount: 0 }, 'omnijourney.shardCount:'],
    [
      { settings: { identifierTypes: [{ type: 'x', class: 'magic', limit: 1 }] } },
      'identifierTypes.0.class:',
    ],
    [{ shards: 2 }, 'Unrecognized key: "shards"'],
  ])('names what is wrong in %j', (context, problem) => {
    expect(() => parseConfig(context)).toThrow(problem)
  })
})
