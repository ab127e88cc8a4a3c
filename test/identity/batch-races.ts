import { expect } from 'vitest'
import type { Engine } from '../simulation/engines.ts'
import { type Act, type Race, sends } from './race.ts'
import { statesAfter } from './race-outcome.ts'
import { createRacecourse, type Racecourse } from './racecourse.ts'
import { event, lineOf } from './sent-event.ts'

/** Somebody else makes two chains of a batch one, so that both meet a conflict about the same person. */
export async function forgetWhileReading(engine: Engine): Promise<void> {
  const batch = sends([
    event('e1', 'customer_id:c-1', 'cookie_id:k-1'),
    event('e2', 'email:ann', 'device_id:d-1'),
  ])
  const other = sends(event('e3', 'customer_id:c-1', 'email:ann'))
  const before = [event('b1', 'customer_id:c-1'), event('b2', 'device_id:d-1')]
  const race: Race = { name: 'two chains that become one', before, acts: [batch, other] }
  const course = await createRacecourse(engine, race)
  const { gate, finish } = course.worker(batch)
  const oneWrites = gate.hold({ kind: 'transact', about: 'I#cookie_id' })
  const twoWrites = gate.hold({ kind: 'transact', about: 'I#email' })
  const ended = finish()
  await Promise.all([oneWrites.arrived, twoWrites.arrived])
  await course.worker(other).finish()
  const twoReads = gate.hold({ kind: 'read nodes' })
  twoWrites.release()
  await Promise.race([twoReads.arrived, ended])
  const oneReads = gate.hold({ kind: 'read identifiers' })
  oneWrites.release()
  await Promise.race([oneReads.arrived, ended])
  twoReads.release()
  await Promise.race([twoReads.answered, ended])
  oneReads.release()
  await ended
  await expectSomeOrder(course, race)
}

/**
 * An event meets a conflict, and then the store fails: it comes again, while the one before it in the batch, which was
 * the first to show the device, does not.
 */
export async function failAfterConflict(engine: Engine): Promise<void> {
  const events = [event('e3', 'device_id:d-1'), event('e4', 'email:ann', 'device_id:d-1')]
  const batch: Act = {
    ...sends(events),
    run: (process) => process.deliver(events.map(lineOf), events.length),
  }
  const other = sends(event('e5', 'email:ann', 'cookie_id:k-1'))
  const before = [event('b9', 'device_id:d-1'), event('b10', 'email:ann')]
  const race: Race = { name: 'a failure after a conflict', before, acts: [batch, other] }
  const course = await createRacecourse(engine, race)
  const { gate, finish } = course.worker(batch)
  const writes = gate.hold({ kind: 'transact' })
  const ended = finish()
  await writes.arrived
  await course.worker(other).finish()
  const reads = gate.hold({ kind: 'read identifiers' })
  writes.release()
  await reads.arrived
  reads.release({ done: 'no', meets: 'throttled' })
  await ended
  await expectSomeOrder(course, race)
}

async function expectSomeOrder({ end }: Racecourse, race: Race): Promise<void> {
  const { state, ...rest } = await end()
  expect(rest).toEqual({ faults: [], quarantined: [] })
  expect(statesAfter(race)).toContainEqual(state)
}
