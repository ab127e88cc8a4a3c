import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PutRecordCommand } from '@aws-sdk/client-firehose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../infra/demo/random.ts'
import { checkLake } from '../../infra/repair/check.ts'
import { listErrors, resendErrors } from '../../infra/repair/delivery-errors.ts'
import { lakeRows } from '../../infra/repair/lake-rows.ts'
import { openPlaces, type Places } from '../../infra/repair/places.ts'
import { startSystem } from './local-system.ts'
import { smallWorld } from './small-world.ts'

let system: Awaited<ReturnType<typeof startSystem>>
let places: Places

beforeAll(async () => {
  system = await startSystem()
  const endpointsFile = join(system.directory, 'endpoints.json')
  expect(existsSync(endpointsFile)).toBe(true)
  places = await openPlaces({ profile: undefined, region: undefined }, endpointsFile)
  const lines = [...smallWorld(createRandom(7), 60), JSON.stringify(nobodys)]
  await system.put(lines, { partitionKey: 'one' })
  await system.caughtUp(lines.length)
})

afterAll(() => system.close())

const nobodys = {
  ...{ id: 'cash', source: 'till', time: '2026-03-01T10:00:00Z', channel: 'store', type: 'purchase' },
  order: { total: 12.5 },
}

const say = () => undefined
const check = () => checkLake(places, { repairs: false, say })
const query = (sql: string) => Array.fromAsync(lakeRows(sql, places))

describe('the lake against the tables', () => {
  it('has all that they have', async () => {
    expect(await check()).toEqual({
      text: expect.stringMatching(/The lake has what the tables have\.\n$/),
      isWell: true,
    })
  })

  it.each([
    ['touchpoints that are missing', "delete from touchpoint_log where channel = 'web'"],
    ['a sale of nobody that is missing', 'delete from touchpoint_log where node_id is null'],
    ['nodes that are missing', 'delete from identity_map where node_id <> person_id'],
    ['journeys that are missing', 'delete from journey_log where purchase_key is not null'],
    [
      'a node that is somebody else’s there',
      `insert into identity_map
        select node_id, 'somebody', kind, null, null, null, version, changed_at + interval '1' second from identity_map`,
    ],
    [
      'a journey that is no more',
      `insert into journey_log
        select 'ghost', person_id, started_at, last_touch_at, converted_at, ended_at, hours_to_purchase, phase, channels,
          first_channel, first_channel_group, first_campaign_id, last_channel, last_channel_group, last_campaign_id,
          purchase_channel, purchase_store_id, patterns, touchpoint_count, order_key, currency, gross_value, value,
          is_first_order, nps, rating, sentiment, pain_points, version, changed_at, steps, start_key, purchase_key, is_gone
        from journey_log where not is_gone`,
    ],
  ])('finds %s, and puts it right', async (_, damage) => {
    await query(damage)
    expect((await check()).isWell).toBe(false)
    await checkLake(places, { repairs: true, say })
    expect(await check()).toMatchObject({ isWell: true })
  })
})

describe('what could not be delivered', () => {
  const row = {
    ...{ id: 'q', reason: 'invalid_json', event_id: null, source: null, received_at: 1 },
    ...{ shard_id: null, sequence_number: null },
  }
  const put = (data: string) => {
    const Record = { Data: Buffer.from(data) }
    return places.firehose.send(new PutRecordCommand({ DeliveryStreamName: places.stream, Record }))
  }

  it('is told with its reasons, and sent again once that may help', async () => {
    expect(await listErrors(places)).toEqual({ text: 'Everything was delivered.\n', isWell: true })
    await put(JSON.stringify({ ...row, detail: 5 }))
    const told = await listErrors(places)
    expect(told.isWell).toBe(false)
    expect(told.text).toMatch(/quarantine_log +1 .*Iceberg.SchemaTypeMismatch: detail wants a string, not 5/)
    expect(await resendErrors(places, say)).toEqual({ text: '1 rows sent again\n', isWell: true })
    // It is as wrong as it was: nothing is lost by trying.
    expect((await listErrors(places)).text).toMatch(/quarantine_log +1 /)
  })

  it('stays where it is if it is no JSON', async () => {
    await put('no JSON')
    const { text, isWell } = await resendErrors(places, say)
    expect(text).toBe('1 rows sent again; 1 are no JSON and stay where they are\n')
    expect(isWell).toBe(false)
  })
})
