import { createRandom, type Random } from '../../infra/demo/random.ts'
import { type Admission, type Call, finish } from './dynamodb.ts'
import { throttled, timedOut } from './failure.ts'
import { createMisfortune, type Faults, isTransient, type RequestFault } from './faults.ts'
import { createPicker } from './picker.ts'
import { type Chance, calm, type Parts } from './request.ts'

/** Work that must survive crashes: it is begun again, with the next number, until it ends. */
export type Worker = (attempt: number) => Promise<void>

type Step = Call & { fault: RequestFault | undefined }
export type Report = { seed: number; steps: Step[]; restarts: number }

export type Schedule = Admission & {
  random: Random
  /**
   * Holds a request to a real store; the next is released when its answer is there. It meets the faults of whole
   * requests but for `repeat`: it would be sent again as another one.
   */
  perform<T>(call: Call, send: () => Promise<T>): Promise<T>
  /** For code that waits between tries: it does not, but others may go first. */
  pause(worker: string): (ms: number) => Promise<void>
  /** Runs the workers to their end in the order of the seed. Outside of it every request is answered at once. */
  run(workers: Record<string, Worker>): Promise<Report>
}

export type ScheduleOptions = {
  seed: number
  faults?: Faults
  faultLimit?: number
  /** Requests and pauses after which the workers are thought to go round in circles. */
  stepLimit?: number
  /** Which errors a worker is begun again for, beside those that faults cause. */
  isRetried?: (error: unknown) => boolean
}

type Held = Call & { release(): void }

const idleTurnLimit = 50_000

/**
 * Holds every request until all workers wait, then lets one go. The same seed gives the same order as long as workers
 * wait for nothing but requests and pauses. A crashed worker's promise never settles: what it waits for never comes.
 */
export function createSchedule(options: ScheduleOptions): Schedule {
  const { seed, faults = {}, faultLimit = 20, stepLimit = 100_000, isRetried = () => false } = options
  const random = createRandom(seed)
  const misfortune = createMisfortune(random, faults, faultLimit)
  const pick = createPicker(random)
  const steps: Step[] = []
  const alive = new Map<string, { worker: Worker; attempt: number }>()
  let held: Held[] = []
  let underWay: Promise<void> | undefined
  let restarts = 0
  let failure: { worker: string; cause: unknown } | undefined

  /** Holds a request; once released it goes on unless its fault is in the way. */
  function hold(call: Call, reject: (error: unknown) => void, proceed: (fault?: RequestFault) => void): void {
    const release = (): void => {
      const fault = misfortune.requestFault()
      steps.push({ ...call, fault })
      if (fault === 'crashBefore') crash(call.worker)
      else if (fault === 'throttle') reject(throttled())
      else if (fault === 'timeoutNotDone') reject(timedOut())
      else proceed(fault)
    }
    held.push({ ...call, release })
  }

  function admit<T>(call: Call, answer: (chance: Chance) => Parts<T>): Promise<T> {
    if (alive.size === 0) return Promise.resolve().then(() => finish(answer(calm)))
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const settle = (fault: RequestFault | undefined, reply: () => void): void => {
      if (fault === 'crashAfter') crash(call.worker)
      else if (fault === 'timeoutDone') reject(timedOut())
      else if (fault === 'repeat') hold(call, reject, begin)
      else reply()
    }
    const proceed = (parts: Parts<T>, fault: RequestFault | undefined): void => {
      let part = parts.next()
      while (!part.done && !misfortune.isTorn()) part = parts.next()
      if (part.done) {
        const { value } = part
        settle(fault, () => resolve(value))
      } else if (fault === 'crashAfter') crash(call.worker)
      else held.push({ ...call, release: () => advance(parts, fault) })
    }
    const advance = (parts: Parts<T>, fault: RequestFault | undefined): void => {
      try {
        proceed(parts, fault)
      } catch (error) {
        settle(fault, () => reject(error))
      }
    }
    const begin = (fault?: RequestFault): void => advance(answer(misfortune), fault)
    hold(call, reject, begin)
    return promise
  }

  function perform<T>(call: Call, send: () => Promise<T>): Promise<T> {
    if (alive.size === 0) return send()
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const settle = (fault: RequestFault | undefined, reply: () => void): void => {
      if (fault === 'crashAfter') crash(call.worker)
      else if (fault === 'timeoutDone') reject(timedOut())
      else reply()
    }
    hold(call, reject, (fault) => {
      underWay = send().then(
        (value) => settle(fault, () => resolve(value)),
        (error) => settle(fault, () => reject(error)),
      )
    })
    return promise
  }

  function pause(worker: string): Promise<void> {
    if (alive.size === 0) return Promise.resolve()
    return new Promise((resolve) =>
      held.push({ worker, command: 'pause', about: () => '', release: resolve }),
    )
  }

  function crash(name: string): void {
    held = held.filter(({ worker }) => worker !== name)
    restart(name)
  }

  function restart(name: string): void {
    const entry = alive.get(name)
    restarts += 1
    if (entry) start(name, entry.worker, entry.attempt + 1)
  }

  function start(name: string, worker: Worker, attempt: number): void {
    alive.set(name, { worker, attempt })
    const isCurrent = (): boolean => alive.get(name)?.attempt === attempt
    Promise.resolve()
      .then(() => worker(attempt))
      .then(
        () => {
          if (isCurrent()) alive.delete(name)
        },
        (cause: unknown) => {
          if (!isCurrent()) return
          if (isTransient(cause) || isRetried(cause)) restart(name)
          else failure = { worker: name, cause }
        },
      )
  }

  async function run(workers: Record<string, Worker>): Promise<Report> {
    for (const [name, worker] of Object.entries(workers)) start(name, worker, 0)
    let releases = 0
    let idleTurns = 0
    while (true) {
      await turn()
      if (failure) throw stopped(`worker ${failure.worker} failed`, failure.cause)
      if (alive.size === 0) return { seed, steps, restarts }
      if (releases > stepLimit) throw stopped('the workers do not come to an end')
      if (idleTurns > idleTurnLimit)
        throw stopped(`${[...alive.keys()]} wait for something else than a request`)
      const next = held[held.length > 1 ? pick(held.map(({ worker }) => worker)) : 0]
      idleTurns = next ? 0 : idleTurns + 1
      if (next === undefined) continue
      held.splice(held.indexOf(next), 1)
      releases += 1
      next.release()
      await underWay
      underWay = undefined
    }
  }

  function stopped(what: string, cause?: unknown): Error {
    alive.clear()
    held = []
    const last = describeSteps({ seed, steps: steps.slice(-40), restarts }).join('\n')
    return new Error(`seed ${seed}: ${what}; the last of ${steps.length} steps:\n${last}`, { cause })
  }

  return { random, admit, perform, pause: (worker) => () => pause(worker), run }
}

/** One line per request in the order of their release. */
export function describeSteps({ steps }: Report): string[] {
  return steps.map(
    ({ worker, command, fault, about }) => `${worker} ${command}${fault ? ` [${fault}]` : ''} ${about()}`,
  )
}

/** Until every promise that can go on has gone on. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
