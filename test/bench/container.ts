import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { joinRules } from '../../functions/identity/person.ts'
import { createResolver } from '../../functions/identity/resolve.ts'
import type { Outcome } from '../../functions/ingest/entry.ts'
import { type IngestDeps, ingest } from '../../functions/ingest/ingest.ts'
import type { KeyRing } from '../../functions/runtime/key-ring.ts'
import type { Pause, Table } from '../../functions/store/dynamodb.ts'
import { createIdentityStore, type IdentityStore } from '../../functions/store/identity.ts'
import { createTouchpointStore, type TouchpointStore } from '../../functions/store/touchpoints.ts'
import { createDecoder } from '../../functions/touchpoint/decode.ts'
import { hmacKey, settings } from '../identity/sequential.ts'

export const rules = joinRules(settings)
const decode = createDecoder(settings)
export const normalise = createIdentifierNormaliser(settings)
export const now = () => new Date('2026-07-01T00:00:00Z')

export type Stores = { identity: IdentityStore; touchpoints: TouchpointStore }

export function storesOn(client: Table['client'], pause: Pause): Stores {
  return {
    identity: createIdentityStore({ client, name: 'identity', pause }),
    touchpoints: createTouchpointStore({ client, name: 'touchpoints', pause }),
  }
}

/** Takes in a batch; outcomes are in order. */
export type Container = (events: readonly Uint8Array[]) => Promise<Outcome[]>
type ContainerOptions = Stores & {
  newId: () => string
  pause: Pause
  random: () => number
  hmacKeys?: KeyRing
}

/** A container of the function process, wired as in its entry point: it remembers bindings from batch to batch. */
export function createContainer(options: ContainerOptions): Container {
  const { identity, touchpoints, newId, pause, random, hmacKeys = [hmacKey] } = options
  const deps: IngestDeps = {
    decode,
    normalise,
    resolve: createResolver({ identity, touchpoints, rules, newId, now, pause, random }),
    touchpoints,
    // The outcomes tell.
    quarantine: async () => undefined,
    hmacKeys,
    keepAnchors: true,
    now,
  }
  return async (events) => {
    const records = events.map((data, index) => ({
      data,
      receivedAt: now().toISOString(),
      origin: { shardId: 'bench', sequenceNumber: String(index) },
    }))
    return (await ingest(records, deps)).flat()
  }
}

/** Ids that sort by age, as one clock gives them. */
export function createIds(): () => string {
  let made = 0
  return () => String(++made).padStart(20, '0')
}
