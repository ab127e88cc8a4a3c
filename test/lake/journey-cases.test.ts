import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Told } from './journey-events.ts'
import { type JourneyLake, startJourneyLake } from './journey-lake.ts'
import { back, bought, day, millisecond, told } from './journey-told.ts'
import { folded, identityRow, touchpointRowOf } from './journey-truth.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})

afterAll(() => lake.close())

const now = new Date()

type Case = [string, readonly Told[], (number | null)[]]

describe('the journey of a touchpoint', () => {
  it.each<Case>([
    [
      'is that which runs',
      [told(0, 'search'), told(30 * day, 'login'), told(30 * day, 'email_sent')],
      [0, 0, 0],
    ],
    [
      'is none, if nothing has begun',
      [told(0, 'email_sent'), told(1, 'login'), told(2, 'refund')],
      [null, null, null],
    ],
    [
      'is another one after 30 days without one that prolongs it',
      [told(0, 'search'), told(29 * day, 'login'), told(30 * day + millisecond, 'search')],
      [0, 0, 1],
    ],
    [
      'is none, if that which ran was over and nothing begins',
      [told(0, 'search'), told(30 * day + millisecond, 'email_sent'), told(31 * day, 'search')],
      [0, null, 1],
    ],
    [
      'ends with the purchase',
      [told(0, 'search'), bought(1, 'A'), told(1.5, 'login'), told(2, 'search')],
      [0, 0, null, 1],
    ],
    [
      'is the one before the purchase also at the same time',
      [bought(1, 'A'), told(1, 'search'), told(1, 'refund', { order: { id: 'A' } })],
      [0, 0, 0],
    ],
    [
      'is that of its order, reported again',
      [bought(0, 'A'), told(1, 'search'), bought(2, 'A'), bought(3, 'B')],
      [0, 1, 0, 1],
    ],
    ['without a number is an order of its own', [bought(0, null), bought(1, null)], [0, 1]],
    [
      'after the sale is that of its order, however long ago',
      [
        bought(0, 'A'),
        bought(day, 'B'),
        back(100 * day, 'A'),
        told(100 * day, 'pickup', { order: { id: 'B' } }),
      ],
      [0, 1, 0, 1],
    ],
    [
      'before the sale of its order is the last one converted',
      [bought(0, 'A'), back(1, 'B'), bought(2, 'B')],
      [0, 0, 1],
    ],
    [
      'after a sale of another or no number is the last one converted, for 60 days',
      [
        bought(0, 'A'),
        told(1, 'search'),
        back(60 * day, null),
        back(60 * day, 'X'),
        back(60 * day + millisecond, null),
      ],
      [0, 1, 0, 0, null],
    ],
    [
      'never is prolonged by what comes after a sale',
      [told(0, 'search'), back(20 * day, null), told(40 * day, 'login')],
      [0, null, null],
    ],
  ])('%s', async (_, events, expected) => {
    const { journeys, homeOf, steps, rows } = folded(events, { personId: 'n' }, now)
    const indexOf = (id: string | null) => {
      const at = journeys.findIndex(({ journeyId }) => journeyId === id)
      return at < 0 ? null : at
    }
    await lake.hold([...events.map((one) => touchpointRowOf(one)), ...rows(1)])
    const found = await lake.rows('select journey_id, event_id from touchpoint order by event_id')
    expect(found.map(([id = null]) => indexOf(id))).toEqual(expected)
    const truth = new Map(steps.map((step) => [step.id, indexOf(homeOf(step)?.journeyId ?? null)]))
    expect(events.map(({ id }) => truth.get(id))).toEqual(expected)
  })
})

describe('who a touchpoint belongs to', () => {
  const events = [
    told(0, 'search', { node: 'a' }),
    bought(1, 'A', { node: 'b' }),
    told(2, 'search', { node: '' }),
  ]
  const of = (person: string, nodes: readonly string[]) =>
    folded(
      events.filter(({ nodeId }) => nodes.includes(nodeId)),
      { personId: person },
      now,
    )
  const sql = `select touchpoint.person_id, journey_id is not null, step, is_last_before_purchase
    from touchpoint left join journey_step using (journey_id, source, event_id, event_time) order by event_id`
  const b = (person_id: string, version: number) =>
    identityRow({ node_id: 'b', person_id, version, day: version })

  it.each([
    ['is its node, of which nothing is told yet', [], [['a'], ['b']]],
    ['is its node, as told', [b('b', 1)], [['a'], ['b']]],
    ['is the person that it was merged into', [b('b', 1), b('a', 2)], [['a', 'b']]],
    ['is the other one again after an undo', [b('b', 3), b('a', 2), b('b', 1)], [['a'], ['b']]],
  ])('%s', async (_, identities, persons) => {
    const journeys = persons.flatMap((nodes, version) => of(nodes[0] ?? '', nodes).rows(version + 1))
    const others = [...of('a', ['a', 'b']).rows(0), ...of('b', ['b']).rows(0)]
    // Whoever is a person has told last how it is; who is none any more has not.
    const isAlone = persons.length === 2
    const gone = isAlone ? of('a', ['a', 'b']).goneRows(9, of('a', ['a']).journeys) : []
    await lake.hold([
      ...events.map((one) => touchpointRowOf(one)),
      ...identities,
      ...others,
      ...journeys,
      ...gone,
    ])
    const merged = [
      ['a', 'true', '1', 'true'],
      ['a', 'true', '2', 'false'],
      [null, 'false', null, null],
    ]
    const apart = [
      ['a', 'true', '1', 'false'],
      ['b', 'true', '1', 'true'],
      [null, 'false', null, null],
    ]
    expect((await lake.rows(sql)).map(([person, ...rest]) => [person, ...rest])).toEqual(
      isAlone ? apart : merged,
    )
  })

  it('was another one before: the spans of a node', async () => {
    await lake.hold([b('b', 1), b('b', 2), b('a', 3), b('a', 3), b('b', 4)])
    expect(await lake.rows('select * from person_history order by valid_from')).toEqual([
      ['b', 'b', '2026-01-02 00:00:00.000000', '2026-01-04 00:00:00.000000'],
      ['b', 'a', '2026-01-04 00:00:00.000000', '2026-01-05 00:00:00.000000'],
      ['b', 'b', '2026-01-05 00:00:00.000000', null],
    ])
  })
})

describe('a touchpoint', () => {
  it('is there once, as it came first, and not if it is a test', async () => {
    const one = told(0, 'search')
    const twin = { ...one, nodeId: 'other' }
    const rows = [
      touchpointRowOf(one, 9),
      touchpointRowOf(one, 2),
      touchpointRowOf(one, 2),
      touchpointRowOf(twin),
    ]
    await lake.hold([...rows, touchpointRowOf(told(0, 'search', { test: true }))])
    expect(
      await lake.rows(
        `select node_id, date_diff('second', event_time, received_at), is_test from touchpoint order by 1`,
      ),
    ).toEqual([
      ['n', '2', 'false'],
      ['other', '2', 'false'],
    ])
  })

  const campaign = { source: 'google', medium: 'cpc' }
  const half = 0.5
  const person = { node: 'n' }
  const nobody = { node: '' }

  it.each<[string, readonly Told[], string[]]>([
    ['its own', [told(0, 'search', { campaign })], ['paid_search']],
    ['direct', [told(0, 'search')], ['direct']],
    [
      'its channel, if that is not online',
      [told(0, 'email_click', { channel: 'email', campaign })],
      ['email'],
    ],
    [
      'that of the last one before it, for half an hour',
      [told(0, 'search', { campaign }), told(half, 'search'), told(half + millisecond, 'search')],
      ['paid_search', 'paid_search', 'direct'],
    ],
    [
      'that of the last one which has one, not of another channel or person',
      [
        told(0, 'search', { campaign }),
        told(0.1, 'search', { campaign: { medium: 'email' } }),
        told(0.2, 'search', { campaign, channel: 'app' }),
        told(0.2, 'search', { campaign, node: 'other' }),
        told(0.3, 'search', person),
      ],
      ['paid_search', 'email', 'paid_search', 'paid_search', 'email'],
    ],
    [
      'not that of a later one',
      [told(0, 'search'), told(0, 'purchase', { campaign })],
      ['direct', 'paid_search'],
    ],
    [
      'not that of somebody else whom nobody knows',
      [told(0, 'search', { ...nobody, campaign }), told(0.1, 'search', nobody)],
      ['paid_search', 'direct'],
    ],
  ])('has the channel group: %s', async (_, events, expected) => {
    await lake.hold(events.map((one) => touchpointRowOf(one)))
    expect((await lake.rows('select channel_group from touchpoint order by event_id')).flat()).toEqual(
      expected,
    )
  })
})

it('gives up journeys that nothing prolongs for 30 days, as of the query', async () => {
  const hoursAgo = (hours: number) => (Date.now() - hours * 3_600_000 - Date.UTC(2026, 5, 1)) / 3_600_000
  const events = [
    told(hoursAgo(30 * day - 1), 'search', { node: 'a' }),
    told(hoursAgo(30 * day), 'search', { node: 'b' }),
  ]
  const rows = events.flatMap((one) => folded([one], { personId: one.nodeId }, now).rows(1))
  await lake.hold(rows)
  expect(await lake.rows('select person_id, status, ended_at is null from journey order by 1')).toEqual([
    ['a', 'open', 'true'],
    ['b', 'abandoned', 'false'],
  ])
})
