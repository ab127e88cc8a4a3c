import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../infra/analyse/arguments.ts'

const requestOf = (...given: string[]) => parseArguments(given).request

describe('npm run analyse', () => {
  it('asks for everything by default', () => {
    expect(requestOf()).toEqual({ parameters: {} })
  })

  it('takes parameters as options, lists as often as wanted', () => {
    expect(
      requestOf(
        'associations',
        '--min-support',
        '0.005',
        '--scope=store',
        '--level',
        'sku',
        '--level',
        'brand',
      ),
    ).toEqual({
      analyses: ['associations'],
      parameters: { associations: { minSupport: 0.005, scopes: ['store'], levels: ['sku', 'brand'] } },
    })
    expect(requestOf('associations', '--level', 'sku,brand').parameters).toEqual({
      associations: { levels: ['sku', 'brand'] },
    })
  })

  it('gives a parameter to each analysis that has it', () => {
    expect(requestOf('--half-life-days', '30').parameters).toEqual({
      attribution: { halfLifeDays: 30 },
      'channel-preferences': { halfLifeDays: 30 },
    })
  })

  it('takes a day as its beginning', () => {
    expect(requestOf('segments', '--to', '2011-12-10', '--days', '365')).toMatchObject({
      to: '2011-12-10T00:00:00Z',
      days: 365,
    })
  })

  it.each([
    [['baskets'], /no analysis baskets[\s\S]*associations/],
    [['segments', '--min-support', '1'], /--min-support is no parameter of segments/],
    [['associations', '--min-support', '2.5'], /minSupport is a share/],
    [['associations', '--min-support'], /--min-support wants a value/],
    [['associations', '--scope', 'city'], /a scope is all/],
    [['associations', '--level', 'colour'], /a level is one of/],
    [['attribution', '--markov-order', '9'], /markovOrders/],
    [['--to', 'tomorrow'], /a time in UTC/],
    [['--region', 'eu-central-1'], /--profile too/],
  ])('says what is wrong with %j, and what there is', (given, message) => {
    expect(() => parseArguments(given)).toThrow(message)
    expect(() => parseArguments(given)).toThrow(/usage: npm run analyse/)
  })
})
