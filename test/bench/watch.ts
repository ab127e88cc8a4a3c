import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { z } from 'zod'
import { pause } from '../../functions/runtime/clock.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import type { SentEvent } from './retail-visit.ts'

/** When an event was there, in milliseconds after it was put; infinite: not while it was looked for. */
export type Sighting = { storedMs: number; visibleMs: number; isVisible: () => Promise<boolean> }
export type KnownPerson = { personId: string; nodeIds: string[] }

const profileSchema = z.object({
  personId: z.string(),
  aliases: z.array(z.string()),
  /** Null until the first touchpoint is folded. */
  lastSeenAt: z.string().nullable(),
})
const lookupSchema = z.object({ profile: profileSchema })
const pollMs = 2
const patienceMs = 10_000

/** Looks for events in the store and in the API. */
export function createWatch(endpoints: { api: string; dynamodb: string; region: string }, tableName: string) {
  const client = new DynamoDBClient({
    region: endpoints.region,
    endpoint: endpoints.dynamodb,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const touchpoints = createTouchpointStore({ client, name: tableName, pause })

  const until = async (isThere: () => Promise<boolean>, putMs: number): Promise<number> => {
    while (!(await isThere())) {
      if (performance.now() - putMs > patienceMs) return Number.POSITIVE_INFINITY
      await sleep(pollMs)
    }
    return performance.now() - putMs
  }

  return {
    /**
     * Whose event it will be. Null if that is open: with two identifiers it may be another one's, and nobody may be
     * known by the one; or if it is not later than what is known of the person.
     */
    personOf: async ({ identifiers: [first, second], time }: SentEvent): Promise<KnownPerson | null> => {
      if (second) return null
      const response = await fetch(`${endpoints.api}/v1/customers/lookup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...first, include: ['profile'] }),
      })
      if (!response.ok) return null
      const { personId, aliases, lastSeenAt } = lookupSchema.parse(await response.json()).profile
      return lastSeenAt !== null && lastSeenAt < time ? { personId, nodeIds: [personId, ...aliases] } : null
    },
    see: async (event: SentEvent, { personId, nodeIds }: KnownPerson, putMs: number): Promise<Sighting> => {
      const keys = nodeIds.map((nodeId) => touchpointItem(nodeId, event))
      const storedMs = await until(async () => (await touchpoints.fingerprints(keys)).size > 0, putMs)
      const isVisible = async () => {
        const response = await fetch(`${endpoints.api}/v1/customers/${personId}`)
        const { lastSeenAt } = profileSchema.parse(await response.json())
        return lastSeenAt !== null && lastSeenAt >= event.time
      }
      return { storedMs, visibleMs: await until(isVisible, putMs), isVisible }
    },
    close: () => client.destroy(),
  }
}
