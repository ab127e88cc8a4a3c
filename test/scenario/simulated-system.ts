import { Problem } from '../../functions/http/problem.ts'
import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { joinRules } from '../../functions/identity/person.ts'
import { createResolver } from '../../functions/identity/resolve.ts'
import { type IngestDeps, ingest } from '../../functions/ingest/ingest.ts'
import { type KeepDeps, keepJourneys } from '../../functions/journey/keep.ts'
import { type Model, retail } from '../../functions/journey/model.ts'
import { readNews } from '../../functions/journey/news.ts'
import { refoldAll } from '../../functions/journey/refold-all.ts'
import { createNodeReader } from '../../functions/lake/node-details.ts'
import { type PublishDeps, publish } from '../../functions/lake/publish.ts'
import { mergeByHand } from '../../functions/operations/merge-persons.ts'
import { shareDevice } from '../../functions/operations/share-device.ts'
import { undoMerge } from '../../functions/operations/undo-merge.ts'
import type { KeyRing } from '../../functions/runtime/key-ring.ts'
import { StoreBusyError } from '../../functions/store/dynamodb.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createIdentityAudit } from '../../functions/store/identity-audit.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import type { QuarantinedRecord } from '../../functions/store/quarantine.ts'
import { createRefoldProgressStore } from '../../functions/store/refold-progress.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { createDecoder } from '../../functions/touchpoint/decode.ts'
import { hmacKey, settings } from '../identity/sequential.ts'
import { tellingTo } from '../journey/telling-to.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import type { Schedule, Worker } from '../simulation/schedule.ts'
import { shapes } from '../simulation/shapes.ts'
import { firehoseInto, type LakeRow } from './simulated-firehose.ts'
import { scanOf } from './simulated-scan.ts'
import { devices } from './small-world.ts'
import { personsIn, type Tables } from './stored.ts'

const decode = createDecoder(settings)
const normalise = createIdentifierNormaliser(settings)
const nextKey = { version: 2, secret: 'the key that comes after it' }
/** A key; and what containers have, older and newer ones at the same time, when it is replaced. */
export const keyRings = {
  before: [hmacKey],
  added: [hmacKey, nextKey],
  current: [nextKey, hmacKey],
} as const satisfies Record<string, KeyRing>

/** The functions process and journey, with everything of theirs, on a store whose every answer a schedule decides. */
export function createSimulatedSystem(schedule: Schedule) {
  const store = createSimulatedDynamoDB({
    tables: shapes,
    admission: schedule,
  })
  const quarantined: QuarantinedRecord[] = []
  const broken: unknown[] = []
  const lakeRows: LakeRow[] = []
  let published = 0
  let made = 0
  // As clocks of several containers give them: now and then a new one sorts before an older one.
  const newId = () =>
    `${String(++made + schedule.random.below(8)).padStart(10, '0')}${String(made).padStart(10, '0')}`

  const parts = (worker: string) => {
    const client = store.client(worker)
    const pause = schedule.pause(worker)
    const table = (name: string) => ({ client, name, pause })
    return {
      identity: createIdentityStore(table('identity')),
      touchpoints: createTouchpointStore(table('touchpoints')),
      journeys: createJourneyStore(table('journeys')),
      newId,
      pause,
      random: () => schedule.random.next(),
    }
  }

  const keeping = (worker: string, model: Model): KeepDeps => ({
    ...parts(worker),
    ...tellingTo(
      { client: store.client(worker), name: 'journeys', pause: schedule.pause(worker) },
      undefined,
      newId,
    ),
    rules: { model, currency: 'EUR' },
    onBroken: (personId, error) => broken.push(personId, error),
  })

  /**
   * The function refold, called again and again until it is done; the second round begins when no container of the
   * deployment before is left.
   */
  const refold = (worker: string, model: Model, isReplaced: () => boolean): Worker => {
    return async () => {
      const progress = {
        ...createRefoldProgressStore({
          client: store.client(worker),
          name: 'journeys',
          pause: schedule.pause(worker),
        }),
        foldedOtherwise: scanOf(() => store.items('journeys'), schedule.pause(worker)),
      }
      const deps = { ...keeping(worker, model), progress }
      for (;;) {
        const before = await progress.read()
        if (before?.rounds === 0) return
        if (before?.rounds !== 1 || isReplaced()) await refoldAll(deps, () => schedule.random.chance(0.8))
        await deps.pause(0)
      }
    }
  }

  /** One shard of the stream: sends what failed again, as Lambda does. */
  const processShard = (
    worker: string,
    lines: readonly string[],
    batchSize: number,
    hmacKeys: KeyRing = keyRings.before,
  ): Worker => {
    let done = 0
    return async () => {
      const { identity, touchpoints, pause, random } = parts(worker)
      const now = () => new Date('2026-07-01T00:00:00Z')
      const rules = joinRules(settings)
      const deps: IngestDeps = {
        decode,
        normalise,
        resolve: createResolver({ identity, touchpoints, rules, newId, now, pause, random }),
        touchpoints,
        quarantine: async (records) => {
          quarantined.push(...records)
        },
        hmacKeys,
        keepAnchors: true,
        now,
      }
      while (done < lines.length) {
        const batch = lines.slice(done, done + batchSize).map((line, index) => ({
          data: Buffer.from(line),
          receivedAt: '2026-07-01T00:00:00.000Z',
          origin: { shardId: worker, sequenceNumber: String(done + index) },
        }))
        const outcomes = await ingest(batch, deps)
        const failed = outcomes.findIndex((ofRecord) => ofRecord.some(({ kind }) => kind === 'failed'))
        done += failed === -1 ? batch.length : failed
        if (failed !== -1) await pause(0)
      }
    }
  }

  /** A consumer of part of a table's stream; it ends when there is nothing to come any more. */
  const journeyShard = (
    worker: string,
    table: 'identity' | 'touchpoints',
    isMine: (pk: string) => boolean,
    isOver: () => boolean,
    /** By which model the next batch is folded: a container of another deployment may go on where one stopped. */
    modelOfBatch: () => Model = () => retail,
  ): Worker => {
    let position = 0
    return async () => {
      for (;;) {
        const over = isOver()
        const deps = keeping(worker, modelOfBatch())
        const records = store.stream(table).read(position, 1 + schedule.random.below(4))
        if (records.length === 0 && over) return
        await keepJourneys(
          readNews(records.filter(({ dynamodb }) => isMine(dynamodb?.Keys?.pk?.S ?? ''))),
          deps,
        )
        position += records.length
        if (records.length === 0) await deps.pause(0)
      }
    }
  }

  /**
   * The function publish on the stream of one table; a batch that a crash or a busy store stops comes again. It ends
   * when there is nothing to come any more.
   */
  const publishShard = (worker: string, tableName: keyof Tables, isOver: () => boolean): Worker => {
    let position = 0
    return async () => {
      for (;;) {
        const over = isOver()
        const records = store.stream(tableName).read(position, 1 + schedule.random.below(8))
        if (records.length === 0 && over) return
        await publish(records, publishing(worker))
        position += records.length
        if (records.length === 0) await schedule.pause(worker)(0)
      }
    }
  }

  const publishing = (worker: string): PublishDeps => {
    const { identity, touchpoints, journeys, pause, random } = parts(worker)
    const client = store.client(worker)
    const audit = createIdentityAudit({ client, name: 'identity', pause })
    return {
      ...{ identity, touchpoints, journeys, pause, random, model: retail },
      rulesOf: async () => ({ model: retail, currency: 'EUR' }),
      detailsOf: createNodeReader({ audit, identity }),
      now: () => new Date(Date.parse('2026-07-03T00:00:00Z') + ++published),
      firehose: firehoseInto(lakeRows, schedule.random),
      stream: 'lake',
      onUnreadable: (what, error) => broken.push(what, error),
    }
  }

  /** Somebody who merges, undoes and marks by hand, whatever comes to mind, while events keep coming. */
  const operator = (worker: string, actions: number, hmacKeys: KeyRing = keyRings.before): Worker => {
    const reading = { normalise, settings, hmacKeys, keepAnchors: true }
    const { random } = schedule
    const pick = <T>(values: readonly T[]): T | undefined => values[random.below(values.length)]
    let done = 0
    const act = async () => {
      const deps = { ...parts(worker), now: () => new Date('2026-07-02T00:00:00Z') }
      const persons = personsIn(tables())
      const [a, b] = [pick(persons), pick(persons)]
      const cause = { operator: worker, reason: 'because' }
      const device = pick(devices)
      switch (random.below(3)) {
        case 0:
          if (a && b && a !== b) await mergeByHand(a.personId, b.personId, cause, deps)
          break
        case 1: {
          const connected = pick(persons.filter(({ connections }) => connections.length > 0))
          const connection = connected && pick(connected.connections)
          if (connection) await undoMerge(connected.personId, connection.mergeId, cause, deps)
          break
        }
        default:
          if (device) await shareDevice(device, random.chance(0.6), cause, { ...deps, ...reading })
      }
    }
    return async () => {
      while (done < actions) {
        try {
          await act()
        } catch (error) {
          if (!(error instanceof Problem)) throw error
        }
        done++
        await schedule.pause(worker)(0)
      }
    }
  }

  const tables = () => ({
    identity: store.items('identity'),
    touchpoints: store.items('touchpoints'),
    journeys: store.items('journeys'),
  })
  return {
    processShard,
    journeyShard,
    publishShard,
    operator,
    refold,
    tables,
    lakeRows,
    quarantined,
    broken,
    log: store.log,
    isBusy: isStoreBusy,
  }
}

const isStoreBusy = (error: unknown): boolean => error instanceof StoreBusyError
