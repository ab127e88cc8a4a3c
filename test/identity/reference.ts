import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'
import type { Known } from './end-state.ts'
import { keysOf } from './sent-event.ts'
import { createSequentialWorld } from './sequential.ts'

/** What one event after the other leads to. */
export type Reference = ReturnType<typeof createReference>

export function createReference() {
  const world = createSequentialWorld()
  const firstSeen = new Map<string, string>()
  return {
    world,
    send: (event: TouchpointEvent): void => {
      const before = world.stored().length
      world.send(event)
      if (world.stored().length === before) return
      for (const key of keysOf(event.identifiers)) {
        const seen = firstSeen.get(key)
        if (world.bindings.has(key) && (seen === undefined || event.time < seen))
          firstSeen.set(key, event.time)
      }
    },
    known: (): Known => ({
      persons: world.persons(),
      bindings: new Map(
        [...world.bindings].map(([key, binding]) => [
          key,
          { ...binding, firstSeenAt: firstSeen.get(key) ?? '' },
        ]),
      ),
      touchpoints: world.stored().map(({ event, nodeId }) => ({ id: event.id, nodeId })),
      nobodys: world.nobodys.map(({ id }) => id),
      refusals: world.refusals().map((refusal) => {
        const [nodeId = '', identifierKey = '', reason = ''] = refusal.split(' ')
        return { nodeId, identifierKey, reason }
      }),
    }),
  }
}
