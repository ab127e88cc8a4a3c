import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createModel, modelNames, phaseName, retail } from '../../functions/journey/model.ts'
import { modelSchemaFor } from '../../functions/journey/model-definition.ts'
import { retailDefinition } from '../../functions/journey/retail.ts'
import { problemsOf, shownPath } from '../../infra/problems.ts'
import { at, purchase, refund, tell, touch } from './touches.ts'
import { travel, travelFile } from './travel.ts'

const parse = (json: unknown) => modelSchemaFor(json).safeParse(json)
const problems = (json: unknown) =>
  problemsOf(parse(json).error?.issues ?? []).map(({ path, message }) => `${shownPath(path)}: ${message}`)

describe('the default model', () => {
  it('is one that a retailer could have written', () => {
    expect(parse(retailDefinition).data).toEqual(retailDefinition)
    expect(parse(JSON.parse(JSON.stringify(retailDefinition))).data).toEqual(retailDefinition)
  })

  const typesByPhase = {
    need: 'ad_click email_open email_click push_open sms_click flyer_scan social_engagement ad_impression email_sent',
    interest:
      'search view_item_list select_item view_item view_promotion select_promotion page_view product_question review_read store_enter zone_dwell',
    desire:
      'add_to_wishlist remove_from_wishlist compare_items check_availability view_store try_on scan_item consultation',
    decision:
      'add_to_cart remove_from_cart view_cart begin_checkout add_shipping_info add_payment_info coupon_receive offer_view',
    purchase: 'purchase',
    after_sales: 'delivery pickup refund cancellation complaint support_contact review_write feedback',
    none: 'store_exit sign_up login logout consent_change app_install share something_new constructor __proto__',
  }
  it.each(Object.entries(typesByPhase))('has in phase %s: %s', (phase, types) => {
    for (const type of types.split(' '))
      expect(retail.phaseOf({ type })).toBe(phase === 'none' ? null : phase)
  })

  it.each([
    [0, 'interest'],
    [59.999, 'interest'],
    [60, 'desire'],
    [3600, 'desire'],
  ])('has zone_dwell of %s s in %s', (dwellSeconds, phase) => {
    expect(retail.phaseOf({ type: 'zone_dwell', dwellSeconds })).toBe(phase)
  })
})

describe('a model of a retailer’s own', () => {
  it('is taken as it is written, with the windows of the default one', () => {
    expect(parse(travelFile).data).toEqual(travelFile)
    const { exposures: _, abandonedAfterDays: __, afterSalesWindowDays: ___, ...least } = travelFile
    expect(parse(least).data).toEqual({
      ...least,
      exposures: [],
      abandonedAfterDays: 30,
      afterSalesWindowDays: 60,
    })
  })

  it('is written as in the README', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
    const [, example = ''] = /model of your own.*?```json\n(.*?)```/s.exec(readme) ?? []
    expect(problems(JSON.parse(example))).toEqual([])
  })

  it.each([
    [{ type: 'search', channel: 'web' }, 'planning'],
    [{ type: 'search', channel: 'app' }, 'planning'],
    [{ type: 'search', channel: 'call_center' }, 'inspiration'],
    [{ type: 'zone_dwell', channel: 'store', dwellSeconds: 300 }, 'planning'],
    [{ type: 'zone_dwell', channel: 'store', dwellSeconds: 299 }, null],
    [{ type: 'zone_dwell', channel: 'kiosk', dwellSeconds: 999 }, null],
    [{ type: 'zone_dwell', channel: 'store' }, null],
    [{ type: 'login', channel: 'web' }, null],
    [{ type: 'constructor', channel: 'web' }, null],
    [{ type: 'check_in', channel: 'store' }, 'trip'],
  ])('tells the phase by type, channel and dwell time: %j', (given, phase) => {
    expect(travel.phaseOf(given)).toBe(phase)
  })

  it('folds touchpoints by its own phases and windows', () => {
    const journeys = tell(
      [
        touch(at(-1), 'email_sent', { channel: 'email' }),
        touch(at(0), 'search', { channel: 'call_center' }),
        touch(at(70), 'view_item'),
        touch(at(150), 'zone_dwell', { channel: 'store', dwellSeconds: 400 }),
        purchase(at(151), 'T-1', 900, { channel: 'store' }),
        touch(at(160), 'pickup', { channel: 'store', order: { id: 'T-1' } }),
        touch(at(500), 'check_in', { channel: 'store' }),
        refund(at(501), { id: 'T-1', total: 100 }),
        touch(at(552), 'feedback', { feedback: { nps: 9 } }),
      ],
      at(1000),
      travel,
    ).journeys
    expect(journeys).toMatchObject([
      {
        status: 'converted',
        startedAt: at(0),
        endedAt: at(151),
        phase: 'trip',
        phases: [
          { phase: 'inspiration', touchpoints: 1, channels: ['call_center'] },
          { phase: 'planning', touchpoints: 2, channels: ['web', 'store'], dwellSeconds: 400 },
          { phase: 'booking', touchpoints: 1 },
          { phase: 'trip', touchpoints: 2 },
        ],
        patterns: ['webroomer'],
        value: 800,
      },
    ])
  })

  it('gives a running journey up after its own time', () => {
    const status = (days: number) => tell([touch(at(0), 'search')], at(days), travel).journeys[0]?.status
    expect([status(90), status(91)]).toEqual(['open', 'abandoned'])
  })

  it.each<[string, object, string]>([
    ['an unknown key', { phase: [] }, 'phase: there is no such option'],
    ['no name', { name: undefined }, 'name: 1 to 64 small letters, digits and underscores, a letter first'],
    ['a name that is none', { name: 'Travel' }, 'name: 1 to 64 small letters'],
    ['the name of another', { name: 'funnel' }, 'name: another name: funnel is retail in other words'],
    ['phases that are none', { phases: 'all' }, 'phases: a list'],
    ['no phases', phases(), 'phases: the phases in their order'],
    [
      'a phase that is no name',
      phases('The inspiration', 'inspiration', 'planning', 'booking', 'trip'),
      'phases[0]: 1 to 64 small',
    ],
    [
      'a repeated phase',
      phases('inspiration', 'planning', 'inspiration', 'booking', 'trip'),
      'phases[2]: each once: inspiration is number 1 of the list, too',
    ],
    [
      'nothing that converts',
      { converts: undefined },
      'converts: a phase (inspiration, planning, booking, trip)',
    ],
    ['an unlisted phase that converts', { converts: 'buying' }, 'converts: a phase (inspiration, planning'],
    [
      'after-sales before',
      { afterSales: 'planning' },
      'afterSales: a phase after booking, which converts (trip)',
    ],
    [
      'nothing after what converts',
      phases('inspiration', 'planning', 'trip', 'booking'),
      'afterSales: a phase after booking',
    ],
    ['after-sales that converts', { afterSales: 'booking' }, 'afterSales: a phase after booking'],
    ['no types', { types: undefined }, 'types: an object that has, by type, a phase'],
    [
      'an unlisted phase',
      types({ search: 'looking' }),
      'types.search: a phase (inspiration, planning, trip)',
    ],
    ['a phase that is no text', types({ search: 3 }), 'types.search: a phase (inspiration'],
    [
      'a purchase that does not convert',
      types({ purchase: 'planning' }),
      'types.purchase: booking, the phase that converts',
    ],
    [
      'a purchase by rules',
      types({ purchase: [{ phase: 'booking' }] }),
      'types.purchase: booking, the phase that',
    ],
    ['no purchase', types({ purchase: undefined }), 'types.purchase: booking, the phase that converts'],
    [
      'a refund before the purchase',
      types({ refund: 'planning' }),
      'types.refund: trip, the after-sales phase',
    ],
    [
      'a cancellation of no phase',
      types({ cancellation: null }),
      'types.cancellation: trip, the after-sales phase',
    ],
    [
      'another type that converts',
      types({ check_in: 'booking' }),
      'types.check_in: another phase than booking: only the type purchase converts',
    ],
    [
      'another type that converts by a rule',
      types({ check_in: [{ phase: 'booking', channel: ['app'] }] }),
      'types.check_in[0].phase: another phase than booking',
    ],
    ['no rule', types({ search: [] }), 'types.search: at least one rule'],
    [
      'a rule without phase',
      types({ search: [{ channel: ['web'] }] }),
      'types.search[0].phase: a phase (inspiration',
    ],
    [
      'a misspelt rule',
      types({ search: [{ phase: 'trip', channels: [] }] }),
      'types.search[0].channels: there is no',
    ],
    [
      'an unknown channel',
      types({ search: [{ phase: 'trip', channel: ['web', 'shop'] }] }),
      'types.search[0].channel[1]: a channel (store, web, app',
    ],
    [
      'no channel',
      types({ search: [{ phase: 'trip', channel: [] }] }),
      'types.search[0].channel: at least one channel',
    ],
    [
      'no dwell time',
      types({ search: [{ phase: 'trip', minDwellSeconds: 0 }] }),
      'types.search[0].minDwellSeconds: a number of seconds above 0',
    ],
    [
      'an exposure of no type',
      { exposures: ['sms_sent'] },
      'exposures[0]: a type that "types" lists, but none of purchase',
    ],
    [
      'a purchase as exposure',
      { exposures: ['purchase'] },
      'exposures[0]: a type that "types" lists, but none of purchase',
    ],
    [
      'a repeated exposure',
      { exposures: ['email_sent', 'email_open', 'email_sent'] },
      'exposures[2]: each once: email_sent is number 1 of the list, too',
    ],
    [
      'no time to be given up after',
      { abandonedAfterDays: 0 },
      'abandonedAfterDays: a whole number of days from 1 to 3650',
    ],
    [
      'half a day',
      { afterSalesWindowDays: 0.5 },
      'afterSalesWindowDays: a whole number of days from 0 to 3650',
    ],
  ])('may not have %s', (_, change, problem) => {
    expect(problems({ ...travelFile, ...change })).toEqual([expect.stringContaining(problem)])
  })

  it.each([[null], [[]], ['travel'], [3]])('is an object, not %j', (json) => {
    expect(problems(json)).toEqual([': an object with name, phases, converts, afterSales and types'])
  })

  it('has everything told that is wrong with it, and nothing that follows from that', () => {
    const { converts: _, ...rest } = travelFile
    expect(
      problems({
        ...rest,
        convert: 'booking',
        phases: ['inspiration', 'planning', 'booking', 'trip', 'trip'],
        types: { ...travelFile.types, search: [{ phase: 'x' }, { phase: 'trip', channel: ['shop'] }] },
        exposures: ['email_send'],
      }).map((problem) => problem.split(':')[0]),
    ).toEqual([
      'phases[4]',
      'converts',
      'types.search[0].phase',
      'types.search[1].channel[0]',
      'exposures[0]',
      'convert',
    ])
  })
})

describe('the digest of a model', () => {
  const digest = (change: object) => {
    const json = { ...travelFile, ...change }
    return createModel(modelSchemaFor(json).parse(json)).digest
  }
  it('is that of what the fold does, whatever its name and the order of what has none', () => {
    const types = Object.fromEntries(Object.entries(travelFile.types).reverse())
    expect(digest({ name: 'other', types, exposures: [...travelFile.exposures].reverse() })).toBe(
      travel.digest,
    )
    expect(travel.digest).not.toBe(retail.digest)
  })

  it.each([
    { phases: ['planning', 'inspiration', 'booking', 'trip'] },
    { exposures: [] },
    { abandonedAfterDays: 91 },
    { afterSalesWindowDays: 399 },
    types({ search: 'planning' }),
    types({ zone_dwell: [{ phase: 'planning', channel: ['store'], minDwellSeconds: 301 }] }),
  ])('is another one with %j', (change) => {
    expect(digest(change)).not.toBe(travel.digest)
  })
})

describe('the words that journeys are told in', () => {
  it('are the own ones of a model, and for the default one those of the funnel, too', () => {
    expect(modelNames(retail)).toEqual(['retail', 'funnel'])
    expect(modelNames(travel)).toEqual(['travel'])
    expect(modelNames(createModel({ ...retailDefinition }))).toEqual(['retail'])
    expect(phaseName('need', retail, 'funnel')).toBe('awareness')
    expect(phaseName('need', retail, 'retail')).toBe('need')
    expect(phaseName('planning', travel, 'funnel')).toBe('planning')
  })
})

function phases(...names: string[]) {
  return { phases: names }
}

function types(changes: object) {
  return { types: { ...travelFile.types, ...changes } }
}
