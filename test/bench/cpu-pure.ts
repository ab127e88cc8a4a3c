import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { joinRules, type Person } from '../../functions/identity/person.ts'
import { type Binding, type KeyedIdentifier, planEvent } from '../../functions/identity/plan.ts'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState, type FoldState, type Ledger } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { sortTouches, toTouch } from '../../functions/journey/touch.ts'
import { identifierKey } from '../../functions/store/keys.ts'
import { contentOf } from '../../functions/touchpoint/content.ts'
import { createDecoder } from '../../functions/touchpoint/decode.ts'
import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'
import { hmacKey, settings } from '../identity/sequential.ts'
import { cpuOf } from './report.ts'
import { bytesOf, createRetailMix } from './retail-mix.ts'

const warmUpBatches = 500
const measuredBatches = 300

type Keyed = { event: TouchpointEvent; identifiers: KeyedIdentifier[]; fingerprint: string }
type Homed = Keyed & { nodeId: string }

/** CPU microseconds per event of the pure steps, each on what the step before it has made. */
export async function measurePureSteps(): Promise<[step: string, micros: number][]> {
  const mix = createRetailMix(7)
  const steps = createSteps()
  const batch = (batches: number) =>
    Array.from({ length: batches }, () => mix.next().events.map(bytesOf)).flat()
  steps.fold(steps.plan(steps.key(steps.decode(batch(warmUpBatches)))))
  const records = batch(measuredBatches)
  const measured: [string, number][] = []
  async function timed<T>(step: string, work: () => T): Promise<T> {
    const { micros, result } = await cpuOf(work)
    measured.push([step, micros / records.length])
    return result
  }
  const events = await timed('decode', () => steps.decode(records))
  const keyed = await timed('normalise, identifier keys, fingerprint', () => steps.key(events))
  const homed = await timed('plan', () => steps.plan(keyed))
  await timed('touch and fold', () => steps.fold(homed))
  return measured
}

function createSteps() {
  const decode = createDecoder(settings)
  const normalise = createIdentifierNormaliser(settings)
  const rules = joinRules(settings)
  const bindings = new Map<string, Binding>()
  const persons = new Map<string, Person>()
  const folds = new Map<string, { state: FoldState; ledger: Ledger }>()
  const now = new Date('2026-01-01T00:00:00Z')
  let made = 0
  const newId = () => String(++made).padStart(20, '0')
  const personOf = (nodeId: string): Person => {
    const person = persons.get(nodeId)
    if (!person) throw new Error(`nobody has node ${nodeId}`)
    return person
  }
  const world = { binding: (key: string) => bindings.get(key), personOf }

  return {
    decode: (records: readonly Uint8Array[]): TouchpointEvent[] =>
      records.flatMap((record) =>
        decode(record, now).map((decoded) => {
          if (decoded.kind === 'rejected') throw new Error(decoded.detail)
          return decoded.event
        }),
      ),
    key: (events: readonly TouchpointEvent[]): Keyed[] =>
      events.map((event) => {
        const { identifiers } = normalise(event.identifiers, event.source)
        const keyed = identifiers.map((one) => ({ ...one, key: identifierKey(one, hmacKey) }))
        const keys = keyed.map(({ key }) => key)
        return { event, identifiers: keyed, fingerprint: contentOf(event, keys, hmacKey).fingerprint }
      }),
    plan: (events: readonly Keyed[]): Homed[] =>
      events.map((keyed) => {
        const plan = planEvent(keyed.identifiers, world, rules, newId)
        for (const { identifier, nodeId } of plan.binds)
          bindings.set(identifier.key, { nodeId, neutralNodeId: null, shared: false })
        if (plan.person) for (const nodeId of Object.keys(plan.person.nodes)) persons.set(nodeId, plan.person)
        return { ...keyed, nodeId: plan.home }
      }),
    /** Late ones and merges are left out: a touch that is not later than its person's last is skipped. */
    fold: (events: readonly Homed[]): void => {
      const foldRules = { model: retail, currency: 'EUR', journeys: true }
      for (const { event, nodeId, fingerprint } of events) {
        const touches = sortTouches([toTouch({ ...event, nodeId, fingerprint })])
        const before = folds.get(nodeId) ?? { state: emptyState, ledger: emptyLedger() }
        if (touches[0] && touches[0].position <= before.state.cursor) continue
        folds.set(nodeId, { ...before, state: fold(before.state, touches, before.ledger, foldRules) })
      }
    },
  }
}
