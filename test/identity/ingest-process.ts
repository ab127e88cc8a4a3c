import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { joinRules } from '../../functions/identity/person.ts'
import { createResolver } from '../../functions/identity/resolve.ts'
import type { Outcome } from '../../functions/ingest/entry.ts'
import { type IngestDeps, ingest } from '../../functions/ingest/ingest.ts'
import type { Pause } from '../../functions/store/dynamodb.ts'
import { createIdentityStore, type IdentityStore } from '../../functions/store/identity.ts'
import type { QuarantinedRecord } from '../../functions/store/quarantine.ts'
import { createTouchpointStore, type TouchpointStore } from '../../functions/store/touchpoints.ts'
import { createDecoder } from '../../functions/touchpoint/decode.ts'
import type { Engine } from '../simulation/engines.ts'
import { hmacKey, settings } from './sequential.ts'

const decode = createDecoder(settings)
const normalise = createIdentifierNormaliser(settings)
const rules = joinRules(settings)
const now = () => new Date('2026-07-01T00:00:00Z')

/** What the processes on one store have in common. */
export type Surroundings = {
  nameOf: Engine['nameOf']
  newId: () => string
  quarantined: QuarantinedRecord[]
  pause: Pause
  random: () => number
}

/** How many lines are done: what is left of a process that died. */
type Progress = { done: number }

/** A container of the function process, with what it remembers from batch to batch. */
export type IngestProcess = {
  identity: IdentityStore
  touchpoints: TouchpointStore
  newId: () => string
  /** One batch. */
  ingest: (lines: readonly string[]) => Promise<Outcome[]>
  /** Batch by batch from the first line that is not done; what failed and all that follows comes again, as on Lambda. */
  deliver: (lines: readonly string[], batchSize: number, progress?: Progress) => Promise<void>
}

export function createIngestProcess(client: DynamoDBClient, surroundings: Surroundings): IngestProcess {
  const { nameOf, newId, quarantined, pause, random } = surroundings
  const identity = createIdentityStore({ client, name: nameOf('identity'), pause })
  const touchpoints = createTouchpointStore({ client, name: nameOf('touchpoints'), pause })
  const deps: IngestDeps = {
    decode,
    normalise,
    resolve: createResolver({ identity, touchpoints, rules, newId, now, pause, random }),
    touchpoints,
    quarantine: async (records) => {
      quarantined.push(...records)
    },
    hmacKeys: [hmacKey],
    keepAnchors: true,
    now,
  }
  const ingestLines = async (lines: readonly string[]) => {
    const records = lines.map((line, index) => ({
      data: Buffer.from(line),
      receivedAt: '2026-07-01T00:00:00.000Z',
      origin: { shardId: 'shard-0', sequenceNumber: String(index) },
    }))
    return (await ingest(records, deps)).flat()
  }
  const deliver = async (lines: readonly string[], batchSize: number, progress: Progress = { done: 0 }) => {
    while (progress.done < lines.length) {
      const outcomes = await ingestLines(lines.slice(progress.done, progress.done + batchSize))
      const failed = outcomes.findIndex(({ kind }) => kind === 'failed')
      progress.done += failed === -1 ? outcomes.length : failed
      if (failed !== -1) await pause(0)
    }
  }
  return { identity, touchpoints, newId, ingest: ingestLines, deliver }
}

export const noPause: Pause = async () => undefined

/** Ids that sort by age, as one clock gives them. */
export function createIds(): () => string {
  let made = 0
  return () => String(++made).padStart(20, '0')
}
