import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { joinRules } from '../../functions/identity/person.ts'
import { createResolver } from '../../functions/identity/resolve.ts'
import { ingest } from '../../functions/ingest/ingest.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { identifierKey } from '../../functions/store/keys.ts'
import type { QuarantinedRecord } from '../../functions/store/quarantine.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { createDecoder } from '../../functions/touchpoint/decode.ts'
import { hmacKey, settings } from '../identity/sequential.ts'
import { createSimulatedDynamoDB, finish } from '../simulation/dynamodb.ts'
import { timedOut } from '../simulation/failure.ts'
import { calm } from '../simulation/request.ts'

const now = () => new Date('2026-07-01T00:00:00Z')
const keys = { partitionKey: 'pk', sortKey: 'sk' }

/** Transactions that name any of the keys `unreachable` fail as if the store were down. */
function createProcess(unreachable: Set<string> = new Set()) {
  const store = createSimulatedDynamoDB({
    admission: {
      admit: async (call, answer) => {
        if (
          call.command === 'TransactWriteItems' &&
          [...unreachable].some((key) => call.about().includes(key))
        )
          throw timedOut()
        return finish(answer(calm))
      },
    },
    tables: {
      identity: { ...keys, indexes: { byNode: { partitionKey: 'n', sortKey: 'pk' } } },
      touchpoints: keys,
    },
  })
  const client = store.client('process')
  const quarantined: QuarantinedRecord[] = []
  const pause = async () => undefined
  let made = 0
  const newId = () => String(++made).padStart(20, '0')
  const identity = createIdentityStore({ client, name: 'identity', pause })
  const touchpoints = createTouchpointStore({ client, name: 'touchpoints', pause })
  const rules = joinRules(settings)
  const resolving = { identity, touchpoints, rules, newId, now, pause, random: () => 0 }
  const run = (events: readonly object[]) => {
    const records = events.map((event, index) => ({
      data: Buffer.from(JSON.stringify(event)),
      receivedAt: now().toISOString(),
      origin: { shardId: 'shard-0', sequenceNumber: String(index) },
    }))
    return ingest(records, {
      decode: createDecoder(settings),
      normalise: createIdentifierNormaliser(settings),
      resolve: createResolver(resolving),
      touchpoints,
      quarantine: async (rejected) => {
        quarantined.push(...rejected)
      },
      hmacKeys: [hmacKey],
      keepAnchors: true,
      now,
    })
  }
  return { store, client, run, quarantined }
}

function event(id: string, identifiers: Record<string, string>, more: object = {}) {
  return {
    id,
    source: 'web',
    time: '2026-03-01T10:00:00Z',
    channel: 'web',
    type: 'view_item',
    identifiers: Object.entries(identifiers).map(([type, value]) => ({ type, value })),
    ...more,
  }
}

describe('a batch', () => {
  it('is stored whole, each event once', async () => {
    const { run } = createProcess()
    const batch = [
      event('1', { email: 'a@example.org' }),
      event('2', {}),
      event('1', { email: 'a@example.org' }),
    ]
    expect(await run(batch)).toMatchObject([
      [{ kind: 'accepted' }],
      [{ kind: 'accepted' }],
      [{ kind: 'duplicate' }],
    ])
    expect((await run(batch)).flat().map(({ kind }) => kind)).toEqual(['duplicate', 'duplicate', 'duplicate'])
  })

  it('puts aside another event under the same source, id and time, also within the batch', async () => {
    const { run, quarantined } = createProcess()
    const first = event('1', { email: 'a@example.org' })
    const outcomes = await run([first, { ...first, type: 'purchase' }, first])
    expect(outcomes.flat().map(({ kind }) => kind)).toEqual(['accepted', 'quarantined', 'duplicate'])
    expect(quarantined).toMatchObject([{ reason: 'event_conflict', eventId: '1', source: 'web' }])
  })

  it('binds nothing for an event that conflicts', async () => {
    const { run, store } = createProcess()
    const first = event('1', { email: 'a@example.org' })
    await run([first])
    await run([event('1', { email: 'a@example.org', cookie_id: 'k-1' })])
    expect(store.items('identity').filter(({ pk }) => pk?.S?.startsWith('I#cookie_id'))).toEqual([])
  })

  it('loses nobody else to an event that cannot be processed however often it is tried', async () => {
    const { run, store, client, quarantined } = createProcess()
    await run([event('1', { email: 'a@example.org' })])
    const [root] = store.items('identity').filter(({ sk }) => sk?.S === 'N')
    await client.send(new PutItemCommand({ TableName: 'identity', Item: { ...root, d: { S: 'broken' } } }))
    const outcomes = await run([
      event('2', { email: 'b@example.org' }),
      event('3', { email: 'a@example.org', cookie_id: 'k-1' }),
      event('4', { email: 'c@example.org' }),
    ])
    expect(outcomes.flat().map(({ kind }) => kind)).toEqual(['accepted', 'quarantined', 'accepted'])
    expect(quarantined).toMatchObject([{ reason: 'internal_error', eventId: '3' }])
    expect(quarantined[0]?.detail).not.toContain('broken')
  })

  it('fails for those only whose store failed, and does them when they come again', async () => {
    const down = new Set<string>()
    const { run } = createProcess(down)
    await run([event('0', { loyalty_id: 'L-2' })])
    const batch = [
      event('1', { email: 'a@example.org' }),
      event('2', { loyalty_id: 'L-2', cookie_id: 'k-2' }),
      event('3', { email: 'c@example.org' }),
    ]
    const cookie = identifierKey({ type: 'cookie_id', value: 'k-2' }, hmacKey)
    down.add(cookie)
    const outcomes = await run(batch)
    expect(outcomes.flat().map(({ kind }) => kind)).toEqual(['accepted', 'failed', 'accepted'])
    down.clear()
    const again = await run(batch.slice(1))
    expect(again.flat().map(({ kind }) => kind)).toEqual(['accepted', 'duplicate'])
  })
})
