import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { type Engine, onEveryServer, onSimulatedStore } from '../simulation/engines.ts'
import { faultsIn } from './audit.ts'
import { type EndState, endState, knownIn } from './end-state.ts'
import { createGate, type Fault, type Mishap } from './gate.ts'
import { createIds, createIngestProcess, noPause, type Surroundings } from './ingest-process.ts'
import { createReference } from './reference.ts'
import type { Kind } from './request-kind.ts'
import { event, lineOf, namesIn } from './sent-event.ts'

const bind = event('e4', 'email:ann', 'cookie_id:k-1')
const events = [
  event('e1', 'customer_id:c-1', 'email:ann'),
  event('e2', 'customer_id:c-2', 'email:bob', 'device_id:d-1'),
  event('e3', 'cookie_id:k-2'),
  bind,
  event('known5', 'cookie_id:k-1'),
  event('refused6', 'email:ann', 'email:bob', 'loyalty_id:L-1'),
  event('shared7', 'email:ann', 'device_id:d-1', 'phone:+4930123456'),
  event('neutral8', 'device_id:d-1'),
  event('ignored9', 'device_id:d-1', 'cookie_id:k-2'),
  event('merge10', 'email:bob', 'cookie_id:k-2'),
  bind,
  event('cash12'),
  event('earlier1', 'payment_card:tok-1', 'email:bob'),
  event('refusedCard14', 'payment_card:tok-1', 'email:ann', 'order_id:O-1'),
]
const batchSize = 4

type Outcome = { faults: string[]; state: EndState; quarantined: string[] }

/** As often as it takes: what fails comes again, and a process that has died is followed by another one. */
async function run(engine: Engine, mishap?: Mishap): Promise<Outcome & { requests: readonly Kind[] }> {
  await engine.clear()
  const surroundings: Surroundings = {
    nameOf: engine.nameOf,
    newId: createIds(),
    quarantined: [],
    pause: noPause,
    random: () => 0,
  }
  const gate = createGate(engine.client('first'), mishap)
  const progress = { done: 0 }
  const deliver = (client: DynamoDBClient) =>
    createIngestProcess(client, surroundings).deliver(events.map(lineOf), batchSize, progress)
  const isOver = await Promise.race([deliver(gate.client).then(() => true), gate.died.then(() => false)])
  if (!isOver) await deliver(engine.client('second'))
  const [identity, touchpoints] = await Promise.all([engine.items('identity'), engine.items('touchpoints')])
  const tables = { identity, touchpoints, journeys: [] }
  return {
    requests: gate.requests,
    faults: faultsIn(tables),
    state: endState(knownIn(tables), namesIn(events)),
    quarantined: surroundings.quarantined.map(({ reason }) => reason),
  }
}

function expected(): Outcome {
  const reference = createReference()
  events.forEach(reference.send)
  return { faults: [], state: endState(reference.known(), namesIn(events)), quarantined: [] }
}

const faults: Fault[] = [
  { done: 'no', meets: 'throttled' },
  { done: 'no', meets: 'time-out' },
  { done: 'half', meets: 'time-out' },
  { done: 'yes', meets: 'time-out' },
  { done: 'no', meets: 'death' },
  { done: 'half', meets: 'death' },
  { done: 'yes', meets: 'death' },
]

/** Every step-th request from the offset on fails in that way, each in a run of its own. */
async function failEach(engine: Engine, fault: Fault, offset: number, step: number): Promise<void> {
  const { requests, ...undisturbed } = await run(engine)
  expect(undisturbed).toEqual(expected())
  for (let index = offset; index < requests.length; index += step) {
    const kind = requests[index]
    if (fault.done === 'half' && !kind?.startsWith('write')) continue
    const { requests: _, ...outcome } = await run(engine, { fault, index })
    expect(outcome, `request ${index}, ${kind}`).toEqual(expected())
  }
}

const title = 'ends as without it: done $done, then $meets'

describe('a failure of one request, whichever it is,', () => {
  onSimulatedStore((engine) => {
    it.each(faults)(title, (fault) => failEach(engine(), fault, 0, 1))
  })
  onEveryServer((engine) => {
    it.each(faults)(title, (fault) => failEach(engine(), fault, faults.indexOf(fault), 7))
  })
})
