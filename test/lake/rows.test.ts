import type { DynamoDBRecord, AttributeValue as StreamValue } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { newPerson, type Person } from '../../functions/identity/person.ts'
import { retail } from '../../functions/journey/model.ts'
import type { Field } from '../../functions/lake/column.ts'
import { rowsOfRecord } from '../../functions/lake/stream-rows.ts'
import { lakeTables } from '../../functions/lake/tables.ts'
import { packedText } from '../../functions/store/packed.ts'

const storedAt = Date.parse('2026-11-22T09:15:07Z')
const deps = {
  model: retail,
  detailsOf: async (nodeId: string) => ({
    anchors: new Map(nodeId === 'known' ? [['loyalty_id', 'L-77']] : []),
    householdId: nodeId === 'known' ? 'h' : null,
  }),
  identity: {
    persons: async (nodeIds: readonly string[]) => new Map(nodeIds.map((id) => [id, personOf(id)])),
  },
}
const personOf = (nodeId: string): Person => ({ ...newPerson(nodeId), version: 9 })
const micros = (time: string) => Date.parse(time) * 1000

function record(
  image: Record<string, StreamValue>,
  eventName: 'INSERT' | 'MODIFY' = 'INSERT',
): DynamoDBRecord {
  return {
    eventName,
    dynamodb: { NewImage: image, ApproximateCreationDateTime: storedAt / 1000, SequenceNumber: '1' },
  }
}

function touchpoint(pk: string, body: object): DynamoDBRecord {
  const { S, B } = packedText(JSON.stringify(body))
  const e = S === undefined ? { B: Buffer.from(B ?? []).toString('base64') } : { S }
  return record({
    pk: { S: pk },
    sk: { S: 'T#2026-11-22T09:15:00.250Z#pos/till-4\u0001000123' },
    c: { S: 'digest' },
    e,
  })
}

const columnsOf = (name: string): readonly Field[] =>
  lakeTables.find((table) => table.name === name)?.fields ?? []

const everything = {
  channel: 'store',
  type: 'zone_dwell',
  offsetMinutes: 60,
  sessionId: 's',
  items: [
    {
      ...{
        sku: '22916',
        productId: '22910',
        name: 'Lamp',
        variant: 'red',
        category: 'Home/Lighting',
        brand: 'B',
      },
      ...{ quantity: 2, price: 0.42, amount: 0.84, discount: 0.1, tax: 0.13, promotion: 'p' },
    },
    { sku: 'bare', quantity: 1 },
  ],
  order: {
    ...{ id: 'R-1', refundId: 'F-1', total: 0.84, tax: 0.13, shipping: 0, discount: 0 },
    ...{ currency: 'EUR', fulfilment: 'in_store', coupon: 'c' },
  },
  campaign: { id: 'xmas', source: 'newsletter', medium: 'email', content: 'a', term: 't' },
  location: { storeId: 'B', zone: 'toys', page: 'https://a', referrer: 'https://b', country: 'DE' },
  dwellSeconds: 61.5,
  query: 'night light',
  feedback: { nps: 9, rating: 4.5, sentiment: -0.5, text: 'good' },
  consents: [{ purpose: 'ads', status: 'granted' }],
  profile: { tier: 'gold' },
  properties: { a: [1, { b: null }] },
  test: true,
}

describe('a touchpoint in the lake', () => {
  it('has exactly the columns of its table, also those of its items', async () => {
    const [row] = await rowsOfRecord(touchpoint('N#n1', everything), deps)
    const columns = columnsOf('touchpoint_log')
    expect(Object.keys(row ?? {})).toEqual(columns.map(({ name }) => name))
    for (const { name, type } of columns) {
      if (typeof type === 'string' || typeof type.element === 'string') continue
      const parts = type.element.fields.map((part) => part.name)
      const values: unknown = row?.[name]
      for (const value of Array.isArray(values) ? values : []) expect(Object.keys(value)).toEqual(parts)
    }
  })

  it('has what was sent, each where it belongs', async () => {
    const [row] = await rowsOfRecord(touchpoint('N#n1', everything), deps)
    expect(row).toMatchObject({
      ...{ event_id: '000123', source: 'pos/till-4', node_id: 'n1', channel: 'store', phase: 'desire' },
      event_time: micros('2026-11-22T09:15:00.250Z'),
      local_time: micros('2026-11-22T10:15:00.250Z'),
      received_at: storedAt * 1000,
      ...{
        order_id: 'R-1',
        refund_id: 'F-1',
        order_total: '0.8400',
        order_tax: '0.1300',
        order_shipping: '0.0000',
      },
      ...{ campaign_id: 'xmas', campaign_source: 'newsletter', campaign_medium: 'email', campaign_term: 't' },
      ...{ store_id: 'B', zone: 'toys', page: 'https://a', referrer: 'https://b', country: 'DE' },
      ...{
        dwell_seconds: 61.5,
        query: 'night light',
        nps: 9,
        rating: 4.5,
        sentiment: -0.5,
        feedback_text: 'good',
      },
      consents: [{ purpose: 'ads', status: 'granted' }],
      profile: '{"tier":"gold"}',
      properties: '{"a":[1,{"b":null}]}',
      is_test: true,
    })
    expect(row?.items).toMatchObject([
      {
        sku: '22916',
        product_id: '22910',
        quantity: '2.000',
        price: '0.4200',
        amount: '0.8400',
        tax: '0.1300',
        promotion: 'p',
      },
      { sku: 'bare', product_id: null, quantity: '1.000', price: null, amount: null },
    ])
  })

  it.each([
    [20.389999999999997, '20.3900'],
    [1 / 3, '0.3333'],
    [1e-7, '0.0000'],
    [-0.00005, '-0.0001'],
    [-12.5, '-12.5000'],
    [12_345_678_901.005, '12345678901.0050'],
  ])('has money with the decimals of its column: %s', async (total, text) => {
    const [row] = await rowsOfRecord(
      touchpoint('N#n', { channel: 'web', type: 'purchase', order: { total } }),
      deps,
    )
    expect(row).toMatchObject({ order_total: text })
  })

  it('of which little is said has nulls, and nobody has no node', async () => {
    const [row] = await rowsOfRecord(
      touchpoint('X#17', { channel: 'web', type: 'made_up', offsetMinutes: 0 }),
      deps,
    )
    expect(row).toMatchObject({ node_id: null, phase: null, items: null, consents: null, is_test: false })
    expect(Object.keys(row ?? {})).toHaveLength(columnsOf('touchpoint_log').length)
  })

  it('that the store dropped when it expired makes no row', async () => {
    const removed: DynamoDBRecord = { eventName: 'REMOVE', dynamodb: { ApproximateCreationDateTime: 1 } }
    expect(await rowsOfRecord(removed, deps)).toEqual([])
  })
})

describe('a node in the lake', () => {
  it('says whose it is now, with the retailer’s own keys', async () => {
    const image = { pk: { S: 'N#known' }, sk: { S: 'N' }, r: { S: 'root' }, v: { N: '7' }, h: { N: '7' } }
    const [row] = await rowsOfRecord(record(image, 'MODIFY'), deps)
    expect(row).toEqual({
      ...{ node_id: 'known', person_id: 'root', kind: 'person', customer_id: null, loyalty_id: 'L-77' },
      ...{ household_id: 'h', version: 7, changed_at: storedAt * 1000 },
    })
    expect(Object.keys(row ?? {})).toEqual(columnsOf('identity_map').map(({ name }) => name))
  })

  it('that a refused identifier connects is told with its household, and so is the other', async () => {
    const image = { pk: { S: 'I#cookie_id#1.k' }, sk: { S: 'H#known' }, n: { S: 'other' } }
    expect(await rowsOfRecord(record(image), deps)).toMatchObject([
      { node_id: 'known', person_id: 'known', kind: 'person', household_id: 'h', version: 9 },
      { node_id: 'other', person_id: 'other', kind: 'person', household_id: null, version: 9 },
    ])
  })

  it('is all that there is of identities: identifiers, merges and refusals make no row', async () => {
    for (const sk of ['I', 'M#m', 'R#limit#k'])
      expect(await rowsOfRecord(record({ pk: { S: 'N#n' }, sk: { S: sk } }), deps)).toEqual([])
  })
})

describe('a quarantined record in the lake', () => {
  it('has its reason and where it came from', async () => {
    const image = {
      ...{ pk: { S: 'Q#2026-11' }, sk: { S: 'id' }, reason: { S: 'invalid_json' }, detail: { S: 'no JSON' } },
      ...{
        receivedAt: { S: '2026-11-22T09:15:00.000Z' },
        shardId: { S: 's-0' },
        sequenceNumber: { S: '49' },
      },
    }
    const [row] = await rowsOfRecord(record(image), deps)
    expect(row).toEqual({
      ...{ id: 'id', reason: 'invalid_json', detail: 'no JSON', event_id: null, source: null },
      received_at: micros('2026-11-22T09:15:00.000Z'),
      ...{ shard_id: 's-0', sequence_number: '49' },
    })
    expect(Object.keys(row ?? {})).toEqual(columnsOf('quarantine_log').map(({ name }) => name))
  })
})
