import { chunked, type Pause, type Table } from '../../functions/store/dynamodb.ts'
import type { IdentityStore } from '../../functions/store/identity.ts'
import { createContainer, createIds, storesOn } from './container.ts'
import type { HotTrial } from './hot-persons.ts'
import { bytesOf, type IdentityEvent } from './identity-event.ts'

/** Transactions that an event has sent. */
export type Attempts = { done: number; refused: number }

const batchSize = 10
/** An event that fails more often than this is not merely unlucky. */
const maxFailures = 1_000

/** Workers, each with a container of its own, and what they met together. */
export function createCrew(random: () => number) {
  const newId = createIds()
  const attempts = new Map<string, Attempts>()
  const given = { failed: 0, quarantined: 0 }

  const counted = (identity: IdentityStore): IdentityStore => ({
    ...identity,
    apply: async (plan, identifiers, cause, now) => {
      const outcome = await identity.apply(plan, identifiers, cause, now)
      const id = 'eventId' in cause ? cause.eventId : ''
      const { done, refused } = attempts.get(id) ?? noAttempts
      attempts.set(id, outcome === 'done' ? { done: done + 1, refused } : { done, refused: refused + 1 })
      return outcome
    },
  })

  return {
    worker: (client: Table['client'], pause: Pause) => {
      const { identity, touchpoints } = storesOn(client, pause)
      const options = { identity: counted(identity), touchpoints, newId, pause, random }
      const container = createContainer(options)
      /** What failed and all that follows comes again, as Lambda does it. */
      return async (events: readonly IdentityEvent[]): Promise<void> => {
        for (let left = events; left.length > 0; ) {
          const [batch = []] = chunked(left, batchSize)
          const outcomes = await container(batch.map(bytesOf))
          const first = outcomes.findIndex(({ kind }) => kind === 'failed')
          for (const { kind } of outcomes) if (kind === 'failed' || kind === 'quarantined') given[kind]++
          if (given.failed > maxFailures) throw new Error('events keep failing')
          left = left.slice(first === -1 ? batch.length : first)
        }
      }
    },
    told: ({ ofWorkers }: HotTrial) => ({
      attempts: ofWorkers.flat().map(({ id }) => attempts.get(id) ?? noAttempts),
      ...given,
    }),
  }
}

const noAttempts: Attempts = { done: 0, refused: 0 }
