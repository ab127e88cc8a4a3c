import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SentEvent } from './retail-visit.ts'
import type { KnownPerson, Sighting } from './watch.ts'

const customers = 60
const pollMs = 2
const patienceMs = 10_000

export type BusBench = {
  directory: string
  put: (event: SentEvent) => Promise<void>
  see: (event: SentEvent, person: KnownPerson, putMs: number) => Promise<Sighting>
  personOf: (event: SentEvent) => Promise<KnownPerson | null>
}

/**
 * How long after a purchase can be seen the event bus has it: the milliseconds of each of some, put one by one.
 * Negative: the bus was first.
 */
export async function measureBus({ directory, put, see, personOf }: BusBench): Promise<number[]> {
  const file = join(directory, 'events.ndjson')
  const passed: number[] = []
  for (let at = 0; at < customers; at++) {
    const orderId = `bus-${at}`
    await put(eventOf(at, 'search'))
    const purchase = eventOf(at, 'purchase', orderId)
    let person: KnownPerson | null = null
    for (const sinceMs = performance.now(); !person && performance.now() - sinceMs < patienceMs; ) {
      person = await personOf(purchase)
    }
    if (!person) throw new Error(`the customer of ${orderId} does not appear`)
    const putMs = performance.now()
    await put(purchase)
    const [{ visibleMs }, busMs] = await Promise.all([
      see(purchase, person, putMs),
      untilTold(orderId, putMs),
    ])
    passed.push(busMs - visibleMs)
  }
  return passed

  async function untilTold(orderId: string, putMs: number): Promise<number> {
    while (!tailOf(file).includes(`"${orderId}"`)) {
      if (performance.now() - putMs > patienceMs) return Number.POSITIVE_INFINITY
      await sleep(pollMs)
    }
    return performance.now() - putMs
  }
}

/** The last events, and no more: the file may be long. */
function tailOf(file: string): string {
  const descriptor = openSync(file, 'r')
  const bytes = Buffer.alloc(8 * 1024)
  const from = Math.max(0, fstatSync(descriptor).size - bytes.length)
  const count = readSync(descriptor, bytes, 0, bytes.length, from)
  closeSync(descriptor)
  return bytes.subarray(0, count).toString()
}

function eventOf(customer: number, type: string, orderId?: string): SentEvent {
  return {
    id: `bus-${type}-${customer}`,
    source: 'web/shop',
    time: new Date(Date.now() + (orderId ? 1_000 : 0)).toISOString(),
    channel: 'web',
    type,
    identifiers: [{ type: 'customer_id', value: `bus-${customer}` }],
    ...(orderId && { order: { id: orderId, total: 10 } }),
  }
}
