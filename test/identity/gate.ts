import {
  BatchExecuteStatementCommand,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { type Interceptor, intercepted } from '../simulation/client.ts'
import { throttled, timedOut } from '../simulation/failure.ts'
import { type Kind, kindOf } from './request-kind.ts'

/** What the store has done of a request, of a batch perhaps half, and what its sender meets. */
export type Fault = { done: 'no' | 'half' | 'yes'; meets: 'throttled' | 'time-out' | 'death' }

/** Strikes one request, told by how many were sent before. */
export type Mishap = { fault: Fault; index: number }

/** A client whose requests can be held and can fail. */
export type Gate = {
  client: DynamoDBClient
  /** All requests, in the order in which they came to the gate. */
  requests: readonly Kind[]
  /** How many of its transactions the store has cancelled. */
  conflicts: () => number
  /** Resolves when the process has died and nothing of it is on its way any more. */
  died: Promise<void>
  /** Holds one request, the first of those to come that is meant. Others pass. */
  hold: (place: Place) => Hold
}

export type Place = {
  kind: Kind | 'any'
  /** Which of them, counted from now on; the first unless given. */
  nth?: number
  /** What it must name, such as the key of an identifier. */
  about?: string
}

export type Hold = {
  /** Resolves when the request is about to be sent. */
  arrived: Promise<void>
  /** Lets it go on, or fail. */
  release: (fault?: Fault) => void
  /** Resolves when it has its answer. */
  answered: Promise<void>
}

type Stop = {
  place: Place
  left: number
  arrive: () => void
  passed: Promise<Fault | undefined>
  answer: () => void
}

export function createGate(client: DynamoDBClient, mishap?: Mishap): Gate {
  const requests: Kind[] = []
  const underWay = new Set<Promise<unknown>>()
  const death = Promise.withResolvers<void>()
  let conflicts = 0
  let isDead = false
  const stops = new Set<Stop>()

  const tracked = async <T>(send: () => Promise<T>): Promise<T> => {
    const sent = send()
    underWay.add(sent)
    try {
      return await sent
    } catch (error) {
      if (error instanceof TransactionCanceledException) conflicts++
      throw error
    } finally {
      underWay.delete(sent)
    }
  }
  const fail = async (fault: Fault, command: object, send: () => Promise<unknown>): Promise<never> => {
    if (fault.done === 'half') halve(command)
    if (fault.done !== 'no') await Promise.allSettled([tracked(send)])
    if (fault.meets === 'throttled') throw throttled()
    if (fault.meets === 'time-out') throw timedOut()
    isDead = true
    death.resolve(Promise.allSettled(underWay).then(() => undefined))
    return never
  }
  const wait = async (command: object): Promise<{ fault?: Fault | undefined; answer?: () => void }> => {
    const passing = [...stops].filter(({ place }) => isAt(place, command))
    for (const stop of passing) stop.left--
    const stop = passing.find(({ left }) => left === 0)
    if (!stop) return {}
    stops.delete(stop)
    stop.arrive()
    return { fault: await stop.passed, answer: stop.answer }
  }
  const intercept: Interceptor = async ({ command }, send) => {
    if (isDead) return never
    const index = requests.push(kindOf(command)) - 1
    const held = await wait(command)
    if (isDead) return never
    const fault = mishap?.index === index ? mishap.fault : held.fault
    if (fault) return fail(fault, command, send)
    try {
      const output = await tracked(send)
      return isDead ? never : output
    } finally {
      held.answer?.()
    }
  }

  return {
    client: intercepted(client, intercept),
    requests,
    conflicts: () => conflicts,
    died: death.promise,
    hold: (place) => {
      const arrived = Promise.withResolvers<void>()
      const passed = Promise.withResolvers<Fault | undefined>()
      const answered = Promise.withResolvers<void>()
      const stop: Stop = {
        place,
        left: place.nth ?? 1,
        arrive: arrived.resolve,
        passed: passed.promise,
        answer: answered.resolve,
      }
      stops.add(stop)
      return {
        arrived: arrived.promise,
        release: (fault) => {
          stops.delete(stop)
          passed.resolve(fault)
        },
        answered: answered.promise,
      }
    },
  }
}

const isAt = ({ kind, about = '' }: Place, command: object): boolean =>
  (kind === 'any' || kind === kindOf(command)) &&
  (about === '' || ('input' in command && JSON.stringify(command.input).includes(about)))

const never: Promise<never> = new Promise(() => undefined)

/** Statements of a batch are done one by one, so that it can come to an end after some of them. */
function halve(command: object): void {
  if (!(command instanceof BatchExecuteStatementCommand)) return
  const { Statements = [] } = command.input
  command.input.Statements = Statements.slice(0, Math.ceil(Statements.length / 2))
}
