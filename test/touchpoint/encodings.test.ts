import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf, decode, decodeOne, eventOf, sent } from './decoding.ts'
import { kplRecord } from './kpl-record.ts'

const { id, source, type, time, ...rest } = sent({ order: { id: 'R-1' } })
const cloudEvent = { specversion: '1.0', id, source, type, time }

describe('CloudEvents', () => {
  it.each([
    ['data', { ...cloudEvent, data: rest }],
    [
      'other attributes',
      { ...cloudEvent, datacontenttype: 'application/json', subject: 's', traceparent: 'x', data: rest },
    ],
    ['data_base64', { ...cloudEvent, data_base64: bytesOf(rest).toString('base64') }],
  ])('are the same event with %s', (_, content) => {
    expect(eventOf(content)).toEqual(eventOf(sent({ order: { id: 'R-1' } })))
  })

  it.each([
    ['another version', { ...cloudEvent, specversion: '0.3', data: rest }, /^specversion must be "1\.0"/],
    ['a version that is a number', { ...cloudEvent, specversion: 1, data: rest }, /^specversion/],
    ['no data', cloudEvent, /^data is missing/],
    ['data that is text', { ...cloudEvent, data: 'x' }, /^data is not an object/],
    ['data twice', { ...cloudEvent, data: rest, data_base64: 'e30=' }, /exclude each other/],
    ['data_base64 that holds no JSON', { ...cloudEvent, data_base64: 'AAAA' }, /^data_base64 must hold/],
    ['data_base64 that is no text', { ...cloudEvent, data_base64: 1 }, /^data_base64 must be a string/],
    [
      'a type within data',
      { ...cloudEvent, data: { ...rest, type: 'refund' } },
      /^data\.type is not a known field; type belongs beside data/,
    ],
    [
      'an unknown field in data',
      { ...cloudEvent, data: { ...rest, chanel: 1 } },
      /^data\.chanel is not a known field; did you mean channel\?/,
    ],
    [
      'a wrong value in data',
      { ...cloudEvent, data: { channel: 'web', order: { total: 'x' } } },
      /^data\.order\.total is/,
    ],
    ['no time', { ...cloudEvent, time: undefined, data: rest }, /^time is missing/],
  ])('are rejected with %s', (_, content, detail) => {
    expect(decodeOne(content)).toMatchObject({
      reason: 'invalid_event',
      eventId: '1',
      source: 'till-4',
      detail: expect.stringMatching(detail),
    })
  })
})

describe('packed records', () => {
  it('unpacks gzip', () => {
    expect(eventOf(gzipSync(bytesOf(sent())))).toEqual(eventOf(sent()))
  })

  it.each([
    ['an aggregated record', (record: Buffer) => record],
    ['a gzipped aggregated record', (record: Buffer) => gzipSync(record)],
  ])('takes %s apart, and a bad record spoils no other', (_, pack) => {
    const contents = [
      bytesOf(sent({ id: 'a' })),
      bytesOf('no JSON'),
      gzipSync(bytesOf(sent({ id: 'b' }))),
      gzipSync(Buffer.alloc(400_000, 0x20)),
      Buffer.alloc(0),
      bytesOf(sent({ id: 'c' })),
    ]
    const decoded = decode(pack(kplRecord(contents)))
    expect(decoded.map((record) => (record.kind === 'event' ? record.event.id : record.reason))).toEqual([
      'a',
      'invalid_json',
      'b',
      'too_large',
      'invalid_json',
      'c',
    ])
    expect(decoded.map(({ bytes }) => Buffer.from(bytes))).toEqual(contents)
  })

  it('takes a larger aggregated record than one event may be', () => {
    const contents = Array.from({ length: 10 }, (_, id) =>
      bytesOf(sent({ id: `${id}`, query: 'x'.repeat(90_000) })),
    )
    expect(decode(kplRecord(contents)).filter(({ kind }) => kind === 'event')).toHaveLength(10)
  })
})

describe('anything at all', () => {
  it('never throws on bytes', () => {
    const prefix = fc.constantFrom('', '1f8b08', 'f3899ac2', 'f3899ac20a', '7b22')
    fc.assert(
      fc.property(prefix, fc.uint8Array({ maxLength: 200 }), (start, end) => {
        expect(decode(Buffer.concat([Buffer.from(start, 'hex'), end])).length).toBeGreaterThan(0)
      }),
      { numRuns: 2000 },
    )
  })

  it('never throws on JSON, and rejects it as an event', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => {
        expect(decodeOne(json)).toMatchObject({ kind: 'rejected', reason: 'invalid_event' })
      }),
    )
  })

  it('never throws on an event with anything in any field', () => {
    const fields =
      'id source time channel type identifiers items order campaign location feedback consents profile properties specversion data'
    const entry = fc.tuple(fc.constantFrom(...fields.split(' ')), fc.jsonValue({ maxDepth: 4 }))
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
        const [decoded] = decode(bytesOf(sent(Object.fromEntries(entries))))
        expect(decoded).toBeDefined()
        if (decoded?.kind === 'rejected') expect(decoded.detail.length).toBeLessThanOrEqual(500)
      }),
      { numRuns: 1000 },
    )
  })
})
