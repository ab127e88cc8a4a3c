import type { Random } from '../../infra/demo/random.ts'
import { cookie, customer, type IdentityEvent, order } from './identity-event.ts'
import { oneOf } from './random-choice.ts'

/** Events that several workers take in at the same time, all about the same few persons. */
export type HotTrial = {
  before: IdentityEvent[]
  ofWorkers: IdentityEvent[][]
  /** The identifiers of each person in the end. */
  persons: string[][]
}

type HotTrialOptions = { workers: number; persons: number; random: Random }
export type CreateTrial = (options: HotTrialOptions) => HotTrial

/** Fewer than 90, the most nodes of a person. */
const merged = 80
const bound = 160
const startMs = Date.UTC(2026, 4, 1)

/** New identifiers for persons that all know. */
export const bindings: CreateTrial = ({ workers, persons, random }) => {
  const events = eventWriter()
  const groups = Array.from({ length: persons }, (_, at) => [customer(`${at}`)])
  const before = groups.map(events)
  const sent = Array.from({ length: bound }, (_, at) => {
    const group = oneOf(random, groups)
    const identifier = order(`${at}`)
    group.push(identifier)
    return events([...group.slice(0, 1), identifier])
  })
  return { before, ofWorkers: dealt(sent, workers), persons: groups }
}

/** Persons that nobody else asks for, each joined to one that all ask for. */
export const mergesInto: CreateTrial = ({ workers, persons, random }) => {
  const events = eventWriter()
  const groups = Array.from({ length: persons }, (_, at) => [customer(`${at}`)])
  const others = Array.from({ length: merged }, (_, at) => order(`${at}`))
  const before = [...groups.map(events), ...others.map((identifier) => events([identifier]))]
  const sent = others.map((identifier) => {
    const group = oneOf(random, groups)
    group.push(identifier)
    return events([...group.slice(0, 1), identifier])
  })
  return { before, ofWorkers: dealt(sent, workers), persons: groups }
}

/** Persons that become one: every worker gets an event for each two that stand beside each other. */
export const mergesOfAll: CreateTrial = ({ workers, persons, random }) => {
  const events = eventWriter()
  const identifiers = Array.from({ length: persons }, (_, at) => cookie(`${at}`))
  const pairs = identifiers.slice(1).map((identifier, at) => [...identifiers.slice(at, at + 1), identifier])
  return {
    before: identifiers.map((identifier) => events([identifier])),
    ofWorkers: Array.from({ length: workers }, () => shuffled(pairs, random).map(events)),
    persons: [identifiers],
  }
}

/** Events of which each is later than the one before. */
function eventWriter(): (identifiers: readonly string[]) => IdentityEvent {
  let made = 0
  return (identifiers) => {
    made++
    return {
      id: `e${made}`,
      time: new Date(startMs + made * 1_000).toISOString(),
      identifiers: [...identifiers],
    }
  }
}

function dealt<T>(values: readonly T[], hands: number): T[][] {
  return Array.from({ length: hands }, (_, hand) => values.filter((_, at) => at % hands === hand))
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
