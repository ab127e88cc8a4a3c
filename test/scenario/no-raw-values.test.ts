import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  type AttributeValue,
  DynamoDBClient,
  ListTablesCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { lakeTables } from '../../functions/lake/tables.ts'
import { unpackedText } from '../../functions/store/packed.ts'
import { createRetailWorld } from '../../infra/demo/world.ts'
import { lakeRows } from '../../infra/repair/lake-rows.ts'
import { openPlaces } from '../../infra/repair/places.ts'
import { startSystem } from './local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>
beforeAll(async () => {
  system = await startSystem()
}, 90_000)
afterAll(async () => {
  await system?.close()
})

const world = createRetailWorld({ seed: 3, customers: 40, days: 60, start: new Date('2026-03-01T00:00:00Z') })
const identifiers = world.events.flatMap((event) => event.identifiers)
const sentAs = (...types: string[]) =>
  identifiers.filter(({ type }) => types.includes(type)).map(({ value }) => value)

const digitsOf = (value: string) => value.replace(/\D/g, '').replace(/^0+/, '')
const addresses = sentAs('email').filter((value) => /^[^@]+@[^@]+$/.test(value))
const phones = sentAs('phone').filter((value) => digitsOf(value).length > 8)
const cards = sentAs('payment_card').filter((value) => /^[\d ]{16,23}$/.test(value))

/** Whatever gives a customer away: as it was sent, as it is normalised, and as a hash that anybody can compute. */
const rawValues = new Set([
  ...addresses.map((value) => value.trim().toLowerCase()),
  ...[...phones, ...cards].flatMap((value) => [value, digitsOf(value), digitsOf(value).slice(2)]),
  ...sentAs('email_sha256', 'phone_sha256').map((value) => value.toLowerCase()),
])

/** Texts of an item, unpacked. */
function textsOf(value: AttributeValue): string[] {
  if (value.S !== undefined) return [value.S]
  if (value.B) return [unpackedText(value)]
  if (value.L) return value.L.flatMap(textsOf)
  return []
}

async function tables(): Promise<Map<string, string[]>> {
  const { dynamodb: endpoint, region } = system.endpoints
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint, region, credentials })
  const { TableNames = [] } = await client.send(new ListTablesCommand({}))
  const stored = new Map<string, string[]>()
  for (const TableName of TableNames) {
    const texts: string[] = []
    for await (const { Items = [] } of paginateScan({ client }, { TableName }))
      texts.push(...Items.flatMap((item) => Object.values(item).flatMap(textsOf)))
    stored.set(TableName, texts)
  }
  client.destroy()
  return stored
}

function logs(): string {
  const directory = join(system.directory, 'logs')
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join('\n')
}

const found = (text: string) => [...rawValues].filter((value) => text.toLowerCase().includes(value))

it('keeps no address, phone or card number readable, in tables, index, lake, logs or answers', async () => {
  const good = world.events.map((event) => JSON.stringify(event))
  // With what is wrong beside it, contact data ends up in quarantine.
  const bad = world.events
    .filter(({ identifiers }) => identifiers.some(({ type }) => type === 'email' || type === 'phone'))
    .slice(0, 40)
    .map((event, at) => {
      const [contact] = event.identifiers.filter(({ type }) => type === 'email' || type === 'phone')
      const wrong = [{ e_mail: contact?.value }, { channel: contact?.value }, { identifiers: contact?.value }]
      return JSON.stringify({ ...event, id: `bad-${at}`, ...wrong[at % wrong.length] })
    })
  await system.put([...good, ...bad], { partitionKey: 'one' })
  const { quarantined } = await system.caughtUp(good.length + bad.length)
  expect(quarantined).toBeGreaterThanOrEqual(bad.length)
  expect([addresses.length, phones.length, cards.length].map((count) => count > 0)).toEqual([
    true,
    true,
    true,
  ])

  for (const [table, texts] of await tables()) {
    // Only the API writes there.
    if (!table.includes('insights')) expect(texts.length, table).toBeGreaterThan(0)
    expect(found(texts.join('\n')), table).toEqual([])
  }
  const here = join(system.directory, 'endpoints.json')
  const places = await openPlaces({ profile: undefined, region: undefined }, here)
  for (const { name } of lakeTables) {
    const rows = await Array.fromAsync(lakeRows(`select * from ${name}`, places))
    if (name !== 'campaign_log') expect(rows.length, name).toBeGreaterThan(0)
    expect(found(JSON.stringify(rows)), name).toEqual([])
  }
  expect(logs()).toContain('accepted')
  expect(found(logs())).toEqual([])
  const rejected = await system.list('/v1/quarantine?limit=100', z.unknown())
  expect(found(JSON.stringify(rejected))).toEqual([])
  for (const { lookup } of world.worthLookingAt) {
    const personId = await system.personOf(lookup)
    for (const part of ['', '/identity', '/timeline', '/journeys', '/merges']) {
      const { bytes } = await system.get(`/v1/customers/${personId}${part}`)
      expect(found(bytes.toString()), part).toEqual([])
    }
  }
}, 90_000)
