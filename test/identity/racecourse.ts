import type { Engine } from '../simulation/engines.ts'
import { faultsIn } from './audit.ts'
import { type EndState, endState, knownIn } from './end-state.ts'
import { createGate, type Gate, type Hold, type Place } from './gate.ts'
import { createIds, createIngestProcess, noPause, type Surroundings } from './ingest-process.ts'
import { type Act, eventsOf, type Race } from './race.ts'
import { lineOf, namesIn } from './sent-event.ts'

/** A worker in the midst of what it does; it begins when it is first asked to go on. */
type Running = {
  gate: Gate
  /** Whether it is held there; if not, it has come to its end before. */
  until: (place: Place) => Promise<boolean>
  finish: () => Promise<void>
}

export type Racecourse = {
  worker: (act: Act) => Running
  /** What the store holds. */
  end: () => Promise<{ faults: string[]; state: EndState; quarantined: string[] }>
}

/** The workers of a race, ready to run, on a store with empty tables. */
export async function createRacecourse(engine: Engine, race: Race): Promise<Racecourse> {
  const { before = [], remembered = [], since = [], acts } = race
  const surroundings: Surroundings = {
    nameOf: engine.nameOf,
    newId: createIds(),
    quarantined: [],
    pause: noPause,
    random: () => 0,
  }
  const workers = acts.map(({ name }) => {
    const gate = createGate(engine.client(name))
    return { gate, process: createIngestProcess(gate.client, surroundings) }
  })
  const bystander = createIngestProcess(engine.client('bystander'), surroundings)
  await bystander.deliver(before.map(lineOf), 1)
  for (const { process } of workers) await process.deliver(remembered.map(lineOf), 1)
  await bystander.deliver(since.map(lineOf), 1)

  return {
    worker: (act) => {
      const { gate, process } = workers[acts.indexOf(act)] ?? {}
      if (!gate || !process) throw new Error(`${act.name} does not take part`)
      let hold: Hold | undefined
      let ended: Promise<void> | undefined
      return {
        gate,
        until: async (place) => {
          const last = hold
          hold = gate.hold(place)
          last?.release()
          ended ??= act.run(process)
          return Promise.race([hold.arrived.then(() => true), ended.then(() => false)])
        },
        finish: async () => {
          hold?.release()
          ended ??= act.run(process)
          await ended
        },
      }
    },
    end: async () => {
      const [identity, touchpoints] = await Promise.all([
        engine.items('identity'),
        engine.items('touchpoints'),
      ])
      const tables = { identity, touchpoints, journeys: [] }
      return {
        faults: faultsIn(tables),
        state: endState(knownIn(tables), namesIn(eventsOf(race))),
        quarantined: surroundings.quarantined.map(({ reason }) => reason),
      }
    },
  }
}
