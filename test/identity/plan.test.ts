import { describe, expect, it } from 'vitest'
import { type Connection, joinRules, type Person } from '../../functions/identity/person.ts'
import { type Binding, type KeyedIdentifier, type Plan, planEvent } from '../../functions/identity/plan.ts'
import { planItems } from '../../functions/store/identity-items.ts'
import { settings } from './sequential.ts'

const rules = joinRules(settings)
const classes = new Map(settings.identifierTypes.map((type) => [type.type, type.class]))

/** An identifier told as `type:value`. */
function identifier(told: string): KeyedIdentifier {
  const [type = ''] = told.split(':')
  const typeClass = classes.get(type)
  if (!typeClass) throw new Error(`${type} is no type`)
  return { key: told, type, class: typeClass }
}

type Told = {
  /** Identifiers by the node they are bound to. */
  bound?: Record<string, readonly string[]>
  /** Nodes that are one person; all others are one each. */
  together?: readonly (readonly string[])[]
  /** Pairs of nodes whose merge was undone. */
  apart?: readonly (readonly [string, string])[]
  /** Devices with the node of their neutral person. */
  shared?: Record<string, string>
  /** Devices whose mark was lifted, with the node of the neutral person they had. */
  lifted?: Record<string, string>
}

function worldOf({ bound = {}, together = [], apart = [], shared = {}, lifted = {} }: Told) {
  const bindings = new Map<string, Binding>()
  for (const [nodeId, told] of Object.entries(bound))
    for (const key of told) {
      const neutralNodeId = shared[key] ?? lifted[key] ?? null
      bindings.set(key, { nodeId, neutralNodeId, shared: key in shared })
    }
  const groups = [
    ...together,
    ...Object.keys(bound).flatMap((nodeId) =>
      together.some((group) => group.includes(nodeId)) ? [] : [[nodeId]],
    ),
  ]
  const persons = groups.map((group): Person => {
    const [personId = ''] = group
    const connected = group
      .slice(1)
      .map((nodeId): Connection => ({ mergeId: `m-${nodeId}`, nodes: [personId, nodeId], undoneAt: null }))
    const kept = apart
      .filter(([a, b]) => group.includes(a) || group.includes(b))
      .map((nodes): Connection => ({ mergeId: `u-${nodes.join('-')}`, nodes, undoneAt: '2026-01-01' }))
    const nodes = Object.fromEntries(group.map((nodeId) => [nodeId, countsOf(bound[nodeId] ?? [])]))
    const version = 10 + group.length
    return {
      personId,
      kind: 'person',
      version,
      topology: version,
      change: null,
      marked: false,
      nodes,
      connections: [...connected, ...kept],
    }
  })
  return {
    binding: (key: string) => bindings.get(key),
    personOf: (nodeId: string) => {
      const person = persons.find(({ nodes }) => nodeId in nodes)
      if (!person) throw new Error(`nobody has ${nodeId}`)
      return person
    },
  }
}

function countsOf(told: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const key of told) {
    const { type } = identifier(key)
    counts[type] = (counts[type] ?? 0) + 1
  }
  return counts
}

/** Plans an event in a world; new ids are new-1, new-2 … and younger than the nodes a1, b1 … of the tables. */
function plan(told: Told, event: readonly string[]): Plan {
  let made = 0
  return planEvent(event.map(identifier), worldOf(told), rules, () => `new-${++made}`)
}

const numbered = (type: string, count: number, prefix = '') =>
  Array.from({ length: count }, (_, index) => `${type}:${prefix}${index}`)
const nodesNamed = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(2, '0')}`)

/** What a plan says in short. */
const brief = ({ home, binds, merges, refusals, shares }: Plan) => ({
  home,
  binds: binds.map(({ identifier: { key }, nodeId }) => `${key} ${nodeId}`),
  merges: merges.map(({ nodes, rule }) => `${nodes.join('+')} ${rule}`),
  refusals: refusals.map(({ identifier: { key }, reason, otherNodeId }) => `${key} ${reason} ${otherNodeId}`),
  shares: shares.map(({ identifier: { key } }) => key),
})
const nothing = { binds: [], merges: [], refusals: [], shares: [] }

describe('the home of an event', () => {
  it.each<[string, Told, string[], Partial<ReturnType<typeof brief>>]>([
    [
      'is the node of its first identifier if that is known',
      { bound: { a1: ['email:a'] } },
      ['email:a'],
      { home: 'a1' },
    ],
    [
      'is that node and not the root of its person',
      { bound: { a1: ['customer_id:a'], a2: ['email:a'] }, together: [['a1', 'a2']] },
      ['email:a', 'cookie_id:new'],
      { home: 'a2', binds: ['cookie_id:new a2'] },
    ],
    [
      'is a new node for a first anchor that is unseen, which the person known by others joins',
      { bound: { a1: ['email:a'] } },
      ['customer_id:new', 'email:a'],
      { home: 'new-1', binds: ['customer_id:new new-1'], merges: ['new-1+a1 email'] },
    ],
    [
      'is the node of the first known identifier that an unseen first one joins',
      { bound: { a1: ['cookie_id:a'], b1: ['wifi_id:b'] } },
      ['email:new', 'cookie_id:a', 'wifi_id:b'],
      { home: 'a1', binds: ['email:new a1'], merges: ['a1+b1 wifi_id'] },
    ],
    [
      'is so when an earlier known one is refused',
      { bound: { a1: ['email:a', 'cookie_id:a'], b1: ['wifi_id:b'] } },
      ['email:new', 'cookie_id:a', 'wifi_id:b'],
      {
        home: 'b1',
        binds: ['email:new b1'],
        refusals: ['cookie_id:a type_in_common a1'],
        shares: ['cookie_id:a'],
      },
    ],
    [
      'takes in what was unseen before the first known one',
      { bound: { a1: ['cookie_id:a'] } },
      ['email:new', 'phone:new', 'order_id:new', 'cookie_id:a', 'wifi_id:new'],
      { home: 'a1', binds: ['email:new a1', 'phone:new a1', 'order_id:new a1', 'wifi_id:new a1'] },
    ],
    [
      'is a new node if none is known',
      {},
      ['email:new', 'cookie_id:new'],
      { home: 'new-1', binds: ['email:new new-1', 'cookie_id:new new-1'] },
    ],
    [
      'is a new node if all that are known are refused',
      { bound: { a1: ['email:a', 'cookie_id:a'], b1: ['email:b', 'order_id:b'] } },
      ['email:new', 'order_id:b', 'cookie_id:a'],
      {
        home: 'new-2',
        binds: ['email:new new-2'],
        refusals: ['order_id:b type_in_common b1', 'cookie_id:a type_in_common a1'],
        shares: ['cookie_id:a'],
      },
    ],
  ])('%s', (_, told, event, expected) => {
    expect(brief(plan(told, event))).toEqual({ ...nothing, ...expected })
  })

  it('is where nothing has to be written, if all identifiers are of one node', () => {
    const told = { bound: { a1: ['customer_id:a', 'email:a', 'cookie_id:a'] } }
    const { person, replaced, ...others } = plan(told, ['customer_id:a', 'email:a', 'cookie_id:a'])
    expect([person, replaced]).toEqual([null, []])
    expect(brief({ person, replaced, ...others })).toEqual({ ...nothing, home: 'a1' })
  })

  it('is where nothing has to be written, if all identifiers are of one person', () => {
    const told = { bound: { a1: ['customer_id:a'], a2: ['email:a'] }, together: [['a1', 'a2']] }
    expect(plan(told, ['customer_id:a', 'email:a'])).toMatchObject({ home: 'a1', person: null, more: false })
  })
})

describe('an unseen anchor that is not the first identifier', () => {
  it.each<[string, Told, string[], Partial<ReturnType<typeof brief>>]>([
    [
      'gets a node of its own beside a known person',
      { bound: { a1: ['customer_id:a'] } },
      ['customer_id:a', 'loyalty_id:new'],
      { home: 'a1', binds: ['loyalty_id:new new-1'], merges: ['a1+new-1 loyalty_id'] },
    ],
    [
      'gets a node of its own beside another unseen anchor',
      {},
      ['customer_id:new', 'loyalty_id:new', 'email:new'],
      {
        home: 'new-1',
        binds: ['customer_id:new new-1', 'loyalty_id:new new-2', 'email:new new-1'],
        merges: ['new-1+new-2 loyalty_id'],
      },
    ],
    [
      'stays unbound if the person has another value',
      { bound: { a1: ['customer_id:a'], a2: ['loyalty_id:a'] }, together: [['a1', 'a2']] },
      ['customer_id:a', 'loyalty_id:new', 'email:new'],
      { home: 'a1', binds: ['email:new a1'], refusals: ['loyalty_id:new limit null'] },
    ],
  ])('%s', (_, told, event, expected) => {
    expect(brief(plan(told, event))).toEqual({ ...nothing, ...expected })
  })

  it('makes the home the person’s node even where anchors come last', () => {
    let made = 0
    const reversed = ['cookie_id:new', 'loyalty_id:new'].map(identifier)
    const result = planEvent(reversed, worldOf({}), rules, () => `new-${++made}`)
    expect(brief(result).binds).toContain(`cookie_id:new ${result.home}`)
    expect(brief(result).binds).not.toContain(`loyalty_id:new ${result.home}`)
    expect(result.merges).toHaveLength(1)
    expect(result.merges[0]?.nodes[0]).toBe(result.home)
  })
})

describe('a join', () => {
  const known = { a1: ['email:a'], b1: ['email:b'] }
  it.each<[string, Told, string[], string[]]>([
    [
      'by an anchor is refused for its limit only',
      { bound: { a1: ['customer_id:a', 'email:a'], b1: ['loyalty_id:b', 'email:b'] } },
      ['customer_id:a', 'loyalty_id:b'],
      [],
    ],
    [
      'by an anchor: two of one type',
      { bound: { a1: ['customer_id:a'], b1: ['customer_id:b', 'loyalty_id:b'] } },
      ['customer_id:a', 'loyalty_id:b'],
      ['loyalty_id:b limit b1'],
    ],
    ['by a contact with contacts in common', { bound: known }, ['email:a', 'email:b'], []],
    [
      'by a contact: two of one anchor',
      { bound: { a1: ['customer_id:a'], b1: ['customer_id:b', 'email:b'] } },
      ['customer_id:a', 'email:b'],
      ['email:b limit b1'],
    ],
    [
      'by a contact: five of them',
      { bound: { a1: numbered('email', 3, 'a'), b1: numbered('email', 2, 'b') } },
      ['email:a0', 'email:b0'],
      [],
    ],
    [
      'by a contact: six of them',
      { bound: { a1: numbered('email', 3, 'a'), b1: numbered('email', 3, 'b') } },
      ['email:a0', 'email:b0'],
      ['email:b0 limit b1'],
    ],
    [
      'by a contact: six of them on several nodes',
      {
        bound: { a1: numbered('email', 2, 'a'), a2: ['email:x', 'email:y'], b1: numbered('email', 2, 'b') },
        together: [['a1', 'a2']],
      },
      ['email:a0', 'email:b0'],
      ['email:b0 limit b1'],
    ],
    [
      'by a contact: too many of a type that only one has',
      { bound: { a1: numbered('cookie_id', 50), b1: ['email:b'] } },
      ['email:b', 'cookie_id:0'],
      [],
    ],
    [
      'by an unseen sixth contact',
      { bound: { a1: numbered('email', 5) } },
      ['email:0', 'email:new'],
      ['email:new limit null'],
    ],
    ['by an unseen fifth contact', { bound: { a1: numbered('email', 4) } }, ['email:0', 'email:new'], []],
    [
      'by a card with one known',
      { bound: { a1: ['email:a'], b1: ['payment_card:b'] } },
      ['email:a', 'payment_card:b'],
      [],
    ],
    [
      'by a card with none known',
      { bound: { a1: ['payment_card:a'], b1: ['payment_card:b'] } },
      ['payment_card:a', 'payment_card:b'],
      [],
    ],
    [
      'by a card with both known, nothing in common',
      { bound: { a1: ['email:a'], b1: ['phone:b', 'payment_card:b'] } },
      ['email:a', 'payment_card:b'],
      ['payment_card:b both_known b1'],
    ],
    [
      'by a card: eleven of them',
      { bound: { a1: numbered('payment_card', 6, 'a'), b1: numbered('payment_card', 5, 'b') } },
      ['payment_card:a0', 'payment_card:b0'],
      ['payment_card:b0 limit b1'],
    ],
    [
      'by a bridge with both known, nothing in common',
      { bound: { a1: ['email:a'], b1: ['phone:b', 'order_id:b'] } },
      ['email:a', 'order_id:b'],
      [],
    ],
    [
      'by a bridge with a contact in common',
      { bound: { a1: ['email:a'], b1: ['email:b', 'order_id:b'] } },
      ['email:a', 'order_id:b'],
      ['order_id:b type_in_common b1'],
    ],
    [
      'by a bridge with an anchor in common',
      { bound: { a1: ['customer_id:a'], b1: ['customer_id:b', 'order_id:b'] } },
      ['customer_id:a', 'order_id:b'],
      ['order_id:b type_in_common b1'],
    ],
    [
      'by a bridge with cards and devices in common',
      {
        bound: { a1: ['payment_card:a', 'cookie_id:a'], b1: ['payment_card:b', 'cookie_id:b', 'order_id:b'] },
      },
      ['payment_card:a', 'order_id:b'],
      [],
    ],
    [
      'by a bridge that would exceed the limit of cards',
      {
        bound: {
          a1: numbered('payment_card', 6, 'a'),
          b1: [...numbered('payment_card', 5, 'b'), 'order_id:b'],
        },
      },
      ['payment_card:a0', 'order_id:b'],
      ['order_id:b limit b1'],
    ],
    [
      'by a bridge, of which there is no limit',
      { bound: { a1: numbered('order_id', 60, 'a'), b1: numbered('order_id', 60, 'b') } },
      ['order_id:a0', 'order_id:b0'],
      [],
    ],
    [
      'by a device: 51 of them',
      { bound: { a1: numbered('cookie_id', 26, 'a'), b1: numbered('cookie_id', 25, 'b') } },
      ['cookie_id:a0', 'cookie_id:b0'],
      ['cookie_id:b0 limit b1'],
    ],
    [
      'by a device: 50 of them',
      { bound: { a1: numbered('cookie_id', 25, 'a'), b1: numbered('cookie_id', 25, 'b') } },
      ['cookie_id:a0', 'cookie_id:b0'],
      [],
    ],
    [
      'by a device: 50 each of two types',
      { bound: { a1: numbered('cookie_id', 50, 'a'), b1: numbered('wifi_id', 50, 'b') } },
      ['cookie_id:a0', 'wifi_id:b0'],
      [],
    ],
    [
      'by an unseen 51st device',
      { bound: { a1: [...numbered('cookie_id', 50), 'email:a'] } },
      ['email:a', 'cookie_id:new'],
      ['cookie_id:new limit null'],
    ],
    [
      'by an unseen card with a person that has ten',
      { bound: { a1: [...numbered('payment_card', 10), 'cookie_id:a'] } },
      ['payment_card:new', 'cookie_id:a'],
      ['cookie_id:a limit a1'],
    ],
    [
      'judged as the two are now: the first join brings what refuses the second',
      { bound: { a1: ['cookie_id:a'], b1: ['email:b', 'device_id:b'], c1: ['email:c', 'cookie_id:c'] } },
      ['device_id:b', 'cookie_id:a', 'cookie_id:c'],
      ['cookie_id:c type_in_common c1'],
    ],
    [
      'undone before',
      { bound: { a1: ['customer_id:a'], b1: ['customer_id:b', 'email:b'] }, apart: [['a1', 'b1']] },
      ['customer_id:a', 'email:b'],
      ['email:b undone b1'],
    ],
    [
      'undone before, told the other way round',
      { bound: { a1: ['customer_id:a'], b1: ['email:b'] }, apart: [['b1', 'a1']] },
      ['customer_id:a', 'email:b'],
      ['email:b undone b1'],
    ],
    [
      'undone before, of other nodes of the two persons',
      {
        bound: { a1: ['customer_id:a'], a2: ['phone:a'], b1: ['email:b'], b2: ['cookie_id:b'] },
        together: [
          ['a1', 'a2'],
          ['b1', 'b2'],
        ],
        apart: [['a2', 'b2']],
      },
      ['customer_id:a', 'email:b'],
      ['email:b undone b1'],
    ],
    [
      'undone before with somebody else',
      { bound: { a1: ['customer_id:a'], b1: ['email:b'], c1: ['phone:c'] }, apart: [['a1', 'c1']] },
      ['customer_id:a', 'email:b'],
      [],
    ],
    [
      'undone comes before type_in_common',
      { bound: { a1: ['email:a'], b1: ['email:b', 'cookie_id:b'] }, apart: [['a1', 'b1']] },
      ['email:a', 'cookie_id:b'],
      ['cookie_id:b undone b1'],
    ],
    [
      'undone comes before both_known',
      { bound: { a1: ['email:a'], b1: ['email:b', 'payment_card:b'] }, apart: [['a1', 'b1']] },
      ['email:a', 'payment_card:b'],
      ['payment_card:b undone b1'],
    ],
    [
      'type_in_common comes before limit',
      { bound: { a1: ['customer_id:a'], b1: ['customer_id:b', 'cookie_id:b'] } },
      ['customer_id:a', 'cookie_id:b'],
      ['cookie_id:b type_in_common b1'],
    ],
    [
      'both_known comes before limit',
      { bound: { a1: ['customer_id:a'], b1: ['customer_id:b', 'payment_card:b'] } },
      ['customer_id:a', 'payment_card:b'],
      ['payment_card:b both_known b1'],
    ],
  ])('%s', (_, told, event, refusals) => {
    const result = plan(told, event)
    expect(brief(result).refusals).toEqual(refusals)
    expect(result.refusals.length + result.merges.length + result.binds.length).toBeGreaterThan(0)
  })

  it('leaves two persons kept apart though a third, joined first, stands between them', () => {
    const bound = { a1: ['customer_id:a'], b1: ['email:b'], c1: ['phone:c'] }
    const result = plan({ bound, apart: [['b1', 'c1']] }, ['customer_id:a', 'email:b', 'phone:c'])
    expect(brief(result).merges).toEqual(['a1+b1 email'])
    expect(brief(result).refusals).toEqual(['phone:c undone c1'])
  })

  it('connects the home with the node of the identifier taken, not with the roots', () => {
    const bound = { a1: ['customer_id:a'], a2: ['email:a'], b1: ['loyalty_id:b'], b2: ['phone:b'] }
    const together = [
      ['a1', 'a2'],
      ['b1', 'b2'],
    ]
    const result = plan({ bound, together }, ['email:a', 'phone:b'])
    expect(brief(result).merges).toEqual(['a2+b2 phone'])
    expect(result.person?.personId).toBe('a1')
    expect(result.replaced.map(({ personId }) => personId)).toEqual(['a1', 'b1'])
  })

  it('happens once for two identifiers of one person', () => {
    const told = { bound: { a1: ['email:a'], b1: ['phone:b', 'cookie_id:b'] } }
    expect(brief(plan(told, ['email:a', 'phone:b', 'cookie_id:b'])).merges).toEqual(['a1+b1 phone'])
  })

  it('gives the person the id of the oldest node, wherever that comes from', () => {
    const told = { bound: { b1: ['customer_id:b'], a1: ['email:a'], c1: ['phone:c'] } }
    const result = plan(told, ['customer_id:b', 'email:a', 'phone:c'])
    expect(result.person?.personId).toBe('a1')
    expect(result.home).toBe('b1')
    expect(Object.keys(result.person?.nodes ?? {}).sort()).toEqual(['a1', 'b1', 'c1'])
  })

  it('keeps every connection, undone ones too', () => {
    const bound = { a1: ['customer_id:a'], b1: ['email:b'], x1: ['cookie_id:x'], y1: ['wifi_id:y'] }
    const apart = [
      ['a1', 'x1'],
      ['b1', 'y1'],
    ] as const
    const { person } = plan({ bound, apart }, ['customer_id:a', 'email:b'])
    expect(person?.connections.map(({ undoneAt }) => undoneAt === null).sort()).toEqual([false, false, true])
  })
})

describe('a person of 90 nodes', () => {
  const nodes = nodesNamed('a', 90)
  const bound = Object.fromEntries(nodes.map((nodeId) => [nodeId, [`order_id:${nodeId}`]]))
  const together = [nodes]

  it('takes no further node of another person', () => {
    const told = { bound: { ...bound, b1: ['wifi_id:b'] }, together }
    expect(brief(plan(told, ['order_id:a00', 'wifi_id:b'])).refusals).toEqual(['wifi_id:b limit b1'])
  })

  it('takes no unseen anchor, which would be one', () => {
    expect(brief(plan({ bound, together }, ['order_id:a00', 'wifi_id:new'])).refusals).toEqual([])
    const anchored = { bound: { ...bound, a00: ['customer_id:a'] }, together }
    const result = plan(anchored, ['customer_id:a', 'loyalty_id:new'])
    expect(brief(result)).toEqual({ ...nothing, home: 'a00', refusals: ['loyalty_id:new limit null'] })
  })

  it('is not joined by an unseen anchor that comes first', () => {
    const result = plan({ bound, together }, ['customer_id:new', 'order_id:a00'])
    expect(brief(result)).toMatchObject({ home: 'new-1', refusals: ['order_id:a00 limit a00'] })
  })

  it('takes unseen identifiers on nodes it has', () => {
    const result = plan({ bound, together }, ['email:new', 'order_id:a07', 'cookie_id:new'])
    expect(brief(result)).toEqual({ ...nothing, home: 'a07', binds: ['email:new a07', 'cookie_id:new a07'] })
  })

  it('may come of two with 90 together', () => {
    const [first, second] = [nodes.slice(0, 45), nodes.slice(45)]
    const result = plan({ bound, together: [first, second] }, ['order_id:a00', 'order_id:a45'])
    expect(Object.keys(result.person?.nodes ?? {})).toHaveLength(90)
    const more = plan({ bound: { ...bound, b1: ['wifi_id:b'] }, together: [first, [...second, 'b1']] }, [
      'order_id:a00',
      'order_id:a45',
    ])
    expect(brief(more).refusals).toEqual(['order_id:a45 limit a45'])
  })
})

describe('a device', () => {
  const two = { a1: ['email:a', 'cookie_id:a'], b1: ['email:b', 'device_id:b'] }

  it.each<[string, Told, string[], string[]]>([
    ['becomes shared beside a contact', { bound: two }, ['email:b', 'cookie_id:a'], ['cookie_id:a']],
    [
      'becomes shared beside an unseen contact',
      { bound: two },
      ['email:new', 'cookie_id:a'],
      ['cookie_id:a'],
    ],
    [
      'becomes shared beside an anchor that is refused',
      {
        bound: {
          a1: ['email:a', 'cookie_id:a'],
          b1: ['email:b', 'customer_id:b'],
          c1: ['loyalty_id:c', 'customer_id:c'],
        },
      },
      ['customer_id:b', 'loyalty_id:c', 'cookie_id:a'],
      ['cookie_id:a'],
    ],
    ['stays as it is without anchor and contact', { bound: two }, ['device_id:b', 'cookie_id:a'], []],
    [
      'stays as it is beside a card',
      { bound: { ...two, c1: ['email:c', 'payment_card:c'] } },
      ['payment_card:c', 'cookie_id:a'],
      [],
    ],
    [
      'stays as it is if it is refused as undone',
      { bound: two, apart: [['a1', 'b1']] },
      ['email:b', 'cookie_id:a'],
      [],
    ],
    [
      'stays as it is if it is refused for a limit',
      { bound: { a1: ['phone:a', ...numbered('cookie_id', 50, 'a')], b1: ['email:b', 'cookie_id:b'] } },
      ['email:b', 'cookie_id:a0'],
      [],
    ],
    [
      'becomes shared beside another',
      { bound: { ...two, c1: ['email:c', 'wifi_id:c'] } },
      ['email:b', 'cookie_id:a', 'wifi_id:c'],
      ['cookie_id:a', 'wifi_id:c'],
    ],
  ])('%s', (_, told, event, shares) => {
    const result = plan(told, event)
    expect(brief(result).shares).toEqual(shares)
    expect(result.shares.every(({ isNew }) => isNew)).toBe(true)
    expect(new Set(result.shares.map(({ neutralNodeId }) => neutralNodeId)).size).toBe(shares.length)
    expect(brief(result).refusals.length).toBeGreaterThan(0)
  })

  it('does not become shared as a bridge', () => {
    const told = { bound: { a1: ['email:a', 'order_id:a'] } }
    const result = plan(told, ['email:new', 'order_id:a'])
    expect(result.shares).toEqual([])
    expect(brief(result).refusals).toEqual(['order_id:a type_in_common a1'])
  })

  const shared = { 'cookie_id:a': 'n1', 'device_id:b': 'n2' }
  it.each<[string, string[], Partial<ReturnType<typeof brief>>]>([
    ['that is shared gives an event of its own to its neutral person', ['cookie_id:a'], { home: 'n1' }],
    ['that is shared and first decides among shared ones', ['device_id:b', 'cookie_id:a'], { home: 'n2' }],
    ['that is shared is ignored beside a contact', ['email:b', 'cookie_id:a'], { home: 'b1' }],
    [
      'that is shared is ignored beside an unseen contact',
      ['email:new', 'cookie_id:a'],
      { home: 'new-1', binds: ['email:new new-1'] },
    ],
    ['that is shared is ignored beside a device that is not', ['cookie_id:a', 'wifi_id:c'], { home: 'c1' }],
    [
      'that is shared is ignored beside an unseen device',
      ['cookie_id:a', 'wifi_id:new'],
      { home: 'new-1', binds: ['wifi_id:new new-1'] },
    ],
  ])('%s', (_, event, expected) => {
    const told = { bound: { ...two, c1: ['wifi_id:c'] }, shared }
    expect(brief(plan(told, event))).toEqual({ ...nothing, ...expected })
  })

  it('whose mark was lifted belongs to its node again', () => {
    const told = { bound: two, lifted: { 'cookie_id:a': 'n1' } }
    expect(plan(told, ['cookie_id:a']).home).toBe('a1')
  })

  it('that is shared once more has the neutral person it had', () => {
    const { shares } = plan({ bound: two, lifted: { 'cookie_id:a': 'n1' } }, ['email:b', 'cookie_id:a'])
    expect(shares).toMatchObject([{ neutralNodeId: 'n1', isNew: false }])
  })

  it('counts for the limit of its person while it is shared', () => {
    const devices = numbered('cookie_id', 50)
    const told = { bound: { a1: ['email:a', ...devices] }, shared: { 'cookie_id:0': 'n1' } }
    expect(brief(plan(told, ['email:a', 'cookie_id:new'])).refusals).toEqual(['cookie_id:new limit null'])
  })
})

describe('the version of a person', () => {
  it('is above all that it replaces', () => {
    const bound = { a1: ['customer_id:a'], b1: ['email:b'], b2: ['phone:b'] }
    const result = plan({ bound, together: [['b1', 'b2']] }, ['customer_id:a', 'email:b'])
    expect(result.replaced.map(({ version }) => version)).toEqual([11, 12])
    expect(result.person).toMatchObject({ version: 13, topology: 13 })
  })

  it('begins with 1', () => {
    expect(plan({}, ['email:a']).person).toMatchObject({ version: 1, topology: 1 })
    expect(plan({}, ['customer_id:a', 'loyalty_id:a']).person).toMatchObject({ version: 1, topology: 1 })
  })

  it.each<[string, string[]]>([
    ['an unseen identifier', ['email:a', 'cookie_id:new']],
    ['an unseen anchor behind', ['customer_id:a', 'loyalty_id:new']],
    ['an unseen anchor before', ['loyalty_id:new', 'email:a']],
  ])('rises and its topology stays with %s', (_, event) => {
    const told = { bound: { a1: ['customer_id:a', 'email:a'] } }
    expect(plan(told, event).person).toMatchObject({ personId: 'a1', version: 12, topology: 11 })
  })

  it('stays as it is with a refusal and a share', () => {
    const told = { bound: { a1: ['email:a', 'cookie_id:a'], b1: ['email:b'] } }
    expect(plan(told, ['email:b', 'cookie_id:a'])).toMatchObject({ person: null, replaced: [] })
  })

  // Clocks differ between machines, and ids made in one millisecond come in any order.
  it('has a new topology when a new node counts as older than all before', () => {
    const told = worldOf({ bound: { b1: ['email:b'] } })
    const made = ['a1', 'm1']
    const { person } = planEvent(['customer_id:new', 'email:b'].map(identifier), told, rules, () => {
      return made.shift() ?? ''
    })
    expect(person?.personId).toBe('a1')
    expect(person?.topology).not.toBe(told.personOf('b1').topology)
  })
})

describe('a plan bigger than one transaction', () => {
  const itemsOf = (result: Plan) =>
    planItems('t', result, [], { eventId: 'e', source: 's', time: '2026-01-01T00:00:00.000Z' }, new Date(0))

  it('does what fits and says that there is more', () => {
    const bound = Object.fromEntries(nodesNamed('a', 80).map((nodeId) => [nodeId, [`order_id:${nodeId}`]]))
    const event = ['customer_id:new', ...Object.values(bound).flat()]
    const result = plan({ bound }, event)
    expect(result.more).toBe(true)
    expect(result.merges.length).toBeGreaterThan(20)
    expect(itemsOf(result).length).toBeLessThanOrEqual(100)
  })

  it('comes to the same person as if it had fitted, when it is planned again', () => {
    const names = nodesNamed('a', 80)
    const bound: Record<string, string[]> = Object.fromEntries(
      names.map((name) => [name, [`order_id:${name}`]]),
    )
    const event = ['customer_id:c', ...Object.values(bound).flat(), ...numbered('wifi_id', 40)]
    const { person, rounds, homes } = planToTheEnd({ bound }, event)
    expect(rounds).toBeGreaterThan(2)
    expect(homes.size).toBe(1)
    expect(Object.keys(person?.nodes ?? {})).toHaveLength(81)
    expect(person?.connections).toHaveLength(80)
  })

  it('is not made of nothing but unseen identifiers', () => {
    const result = plan({}, numbered('order_id', 120))
    expect(itemsOf(result).length).toBeLessThanOrEqual(100)
  })

  it('is not made by the first join of a person of many nodes', () => {
    const many = nodesNamed('b', 85)
    const bound: Record<string, string[]> = Object.fromEntries(
      many.map((name) => [name, [`order_id:${name}`]]),
    )
    const told = { bound: { ...bound, a1: ['wifi_id:a'] }, together: [many] }
    const event = ['order_id:b00', ...numbered('order_id', 15, 'new'), 'wifi_id:a']
    expect(itemsOf(plan(told, event)).length).toBeLessThanOrEqual(100)
  })

  it('goes on behind what it refuses', () => {
    const big = Array.from({ length: 20 }, (_, at) => nodesNamed(`b${at}-`, 80))
    const bound: Record<string, string[]> = { a1: ['customer_id:a', 'email:a'] }
    for (const group of big)
      for (const [at, nodeId] of group.entries())
        bound[nodeId] = at === 0 ? [`customer_id:${nodeId}`, `email:${nodeId}`] : [`order_id:${nodeId}`]
    const refused = big.map(([first]) => `email:${first}`)
    const { person } = planToTheEnd({ bound, together: big }, ['customer_id:a', ...refused, 'wifi_id:new'])
    expect(person?.nodes.a1).toEqual({ customer_id: 1, email: 1, wifi_id: 1 })
  })
})

/** Plans and does as long as there is more and anything comes of it. */
function planToTheEnd(told: Told, event: readonly string[]) {
  const world = worldOf(told)
  const bound = new Map<string, Binding>()
  let person: Person | null = null
  let made = 0
  const homes = new Set<string>()
  const current: { person: Person | null } = { person: null }
  for (let rounds = 1; ; rounds++) {
    const now = {
      binding: (key: string) => bound.get(key) ?? world.binding(key),
      personOf: (nodeId: string) =>
        current.person && nodeId in current.person.nodes ? current.person : world.personOf(nodeId),
    }
    const result = planEvent(event.map(identifier), now, rules, () => `new-${++made}`)
    homes.add(result.home)
    for (const {
      identifier: { key },
      nodeId,
    } of result.binds)
      bound.set(key, { nodeId, neutralNodeId: null, shared: false })
    current.person = result.person ?? current.person
    person = current.person
    if (!result.more || result.person === null) return { person, rounds, homes }
  }
}
