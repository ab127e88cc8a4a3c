import { retryDelayMs } from '../runtime/clock.ts'
import { isStoreError } from '../runtime/errors.ts'
import { type Pause, StoreBusyError } from '../store/dynamodb.ts'
import type { Cause, IdentityStore, StoredIdentifier } from '../store/identity.ts'
import { refusalName } from '../store/identity.ts'
import { type EventKey, type Key, touchpointItem } from '../store/keys.ts'
import { keyName, type TouchpointStore } from '../store/touchpoints.ts'
import { createBindingCache } from './binding-cache.ts'
import { chainsOf } from './chains.ts'
import type { JoinRules } from './person.ts'
import { type Plan, planEvent, writesAnything } from './plan.ts'
import { type BatchWorld, createBatchWorld } from './world.ts'

/** An event that belongs to somebody. */
export type Candidate = {
  event: EventKey
  /** By priority, at least one. */
  identifiers: readonly StoredIdentifier[]
  /** Digests of its content, under each version of the key; the first is the one that it is stored with. */
  fingerprints: readonly string[]
}

export type Resolution =
  | { kind: 'home'; nodeId: string }
  | { kind: 'duplicate' }
  | { kind: 'event_conflict' }
  /** The store failed for it or for one before it that it depends on. */
  | { kind: 'failed'; error: unknown }
  /** A bug of ours: it cannot be resolved however often it is tried. */
  | { kind: 'broken'; error: unknown }

export type ResolveDeps = {
  identity: IdentityStore
  touchpoints: Pick<TouchpointStore, 'fingerprints'>
  rules: JoinRules
  newId: () => string
  now: () => Date
  pause: Pause
  random: () => number
}

export type Resolver = (candidates: readonly Candidate[]) => Promise<Resolution[]>

const maxAttempts = 40
const chainsAtOnce = 8

/**
 * Finds the node that each event belongs to, creating, binding and merging as it goes. Events that may concern the
 * same person are resolved one by one in their order, others beside each other. Every write is conditional on what
 * it was planned from; if that has changed, it is read and planned again.
 */
export function createResolver(deps: ResolveDeps): Resolver {
  const cache = createBindingCache()
  const recorded = new Set<string>()
  return async (candidates) => {
    const world = createBatchWorld(deps.identity, cache)
    try {
      await world.load(candidates.map(({ identifiers }) => identifiers))
    } catch (error) {
      if (isStoreError(error)) return candidates.map(() => ({ kind: 'failed', error }))
      // Something in there cannot be read: each is tried by itself, so that only those that need it are lost.
    }
    const placed = new Map<string, string>()
    const resolutions = new Map<Candidate, Resolution>()
    const chains = chainsOf(candidates, ({ identifiers }) => world.concerns(identifiers))
    const workers = Array.from({ length: Math.min(chainsAtOnce, chains.length) }, async () => {
      for (let chain = chains.shift(); chain; chain = chains.shift()) await resolveChain(chain)
    })
    await Promise.all(workers)
    await recordFirstSights(candidates, resolutions, world, deps)
    return candidates.map((candidate) => resolutions.get(candidate) ?? { kind: 'failed', error: null })

    async function resolveChain(chain: readonly Candidate[]): Promise<void> {
      for (const candidate of chain) {
        try {
          const resolution = await resolveOne(candidate, world, placed, recorded, deps)
          if (resolution.kind === 'home') {
            placed.set(
              keyName(touchpointItem(resolution.nodeId, candidate.event)),
              candidate.fingerprints[0] ?? '',
            )
          }
          resolutions.set(candidate, resolution)
        } catch (error) {
          if (!isStoreError(error)) {
            resolutions.set(candidate, { kind: 'broken', error })
            continue
          }
          for (const rest of chain) {
            if (!resolutions.has(rest)) resolutions.set(rest, { kind: 'failed', error })
          }
          return
        }
      }
    }
  }
}

/** An event that comes late may be the first that an identifier was seen in. */
async function recordFirstSights(
  candidates: readonly Candidate[],
  resolutions: Map<Candidate, Resolution>,
  world: BatchWorld,
  { identity }: ResolveDeps,
): Promise<void> {
  const sights = new Map<string, { identifier: StoredIdentifier; at: string }>()
  const stored = candidates.filter((candidate) => resolutions.get(candidate)?.kind === 'home')
  for (const { identifiers, event } of stored) {
    for (const identifier of world.seenFirst(identifiers, event.time)) {
      const earliest = sights.get(identifier.key)?.at ?? '~'
      if (event.time < earliest) sights.set(identifier.key, { identifier, at: event.time })
    }
  }
  if (sights.size === 0) return
  try {
    await identity.seenEarlier([...sights].map(([key, { at }]) => ({ key, at })))
    for (const { identifier, at } of sights.values()) world.sawFirst(identifier, at)
  } catch (error) {
    for (const candidate of stored) resolutions.set(candidate, { kind: 'failed', error })
  }
}

async function resolveOne(
  candidate: Candidate,
  world: BatchWorld,
  placed: ReadonlyMap<string, string>,
  recorded: Set<string>,
  deps: ResolveDeps,
): Promise<Resolution> {
  const { identifiers, event } = candidate
  const cause: Cause = { eventId: event.id, source: event.source, time: event.time }
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    for (let reads = 0; reads < maxAttempts && !world.isLoaded(identifiers); reads++) {
      await world.load([identifiers])
    }
    const planned = planEvent(identifiers, world, deps.rules, deps.newId)
    const plan = await withoutRecorded(planned, world, recorded, deps)
    const wasShared = identifiers.some(({ key }) => world.binding(key)?.neutralNodeId)
    if (writesAnything(plan) || wasShared) {
      const known = await alreadyStored(candidate, plan, world, placed, deps)
      if (known) return known
    }
    if (!writesAnything(plan)) return { kind: 'home', nodeId: plan.home }
    if ((await deps.identity.apply(plan, identifiers, cause, deps.now())) === 'done') {
      world.update(plan, event.time)
      if (!plan.more) return { kind: 'home', nodeId: plan.home }
    } else {
      world.forget(identifiers)
      await deps.pause(retryDelayMs(attempt, deps.random))
    }
  }
  throw new StoreBusyError('others kept changing the same persons')
}

const maxRemembered = 50_000

/**
 * A refusal is recorded once per identifier, person and reason, under the home of the event that met it, for good.
 * @param recorded those that are known to be, grows
 */
async function withoutRecorded(
  plan: Plan,
  world: BatchWorld,
  recorded: Set<string>,
  deps: ResolveDeps,
): Promise<Plan> {
  if (plan.refusals.length === 0) return plan
  const homes = plan.person?.nodes ?? world.personOf(plan.home).nodes
  const asRecorded = plan.refusals.map(({ identifier, firstKey, reason, otherNodeId }) => {
    const names = otherNodeId === null ? [firstKey, ...(identifier.formerKeys ?? [])] : [firstKey]
    const nodeIds = Object.keys(homes)
    return names.flatMap((name) => nodeIds.map((nodeId) => ({ nodeId, reason, identifierKey: name })))
  })
  const isNew = (index: number) =>
    !(asRecorded[index] ?? []).some((refusal) => recorded.has(refusalName(refusal)))
  const open = asRecorded.filter((_, index) => isNew(index)).flat()
  if (recorded.size > maxRemembered) recorded.clear()
  for (const name of await deps.identity.recordedRefusals(open)) recorded.add(name)
  return { ...plan, refusals: plan.refusals.filter((_, index) => isNew(index)) }
}

/**
 * Whether the event was stored before, under any node it may have had as home by then: what would be decided about
 * it today may differ, but it stays where it was first put.
 */
async function alreadyStored(
  { identifiers, event, fingerprints }: Candidate,
  plan: Plan,
  world: BatchWorld,
  placed: ReadonlyMap<string, string>,
  deps: ResolveDeps,
): Promise<Resolution | null> {
  const keys = world.nodesOf(identifiers).map((nodeId) => touchpointItem(nodeId, event))
  if (keys.length === 0) return null
  const stored = new Map([...(await deps.touchpoints.fingerprints(keys)), ...placed])
  const found = (key: Key) => stored.get(keyName(key))
  if (keys.some((key) => fingerprints.includes(found(key) ?? ''))) return { kind: 'duplicate' }
  return found(touchpointItem(plan.home, event)) === undefined ? null : { kind: 'event_conflict' }
}
