import { randomUUID } from 'node:crypto'
import { QueryFailure } from '../sql/query-failure.ts'
import type { Answer, Asked, Engine } from './engine.ts'

export type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

export interface Request extends Omit<Asked, 'output'> {
  workGroup: string
  /** Where the file of the result goes, by the id of the execution. */
  outputOf(id: string): Asked['output']
}

export interface Execution extends Asked {
  id: string
  workGroup: string
  state: State
  submittedAt: number
  startedAt: number | null
  completedAt: number | null
  answer: Answer | null
  failure: QueryFailure | null
}

export type Executions = ReturnType<typeof createExecutions>

/** At once; others wait. DuckDB itself spreads each over both of its threads. */
const mostRunning = 2
/** Older ones are forgotten, as they are after a restart; their results stay where they are. */
const mostRemembered = 1_000

export function createExecutions(engine: Engine) {
  const executions = new Map<string, Execution>()
  const aborts = new Map<string, AbortController>()
  const queue: Execution[] = []
  let running = 0

  function runNext() {
    while (running < mostRunning) {
      const next = queue.shift()
      if (!next) return
      running++
      void run(next).finally(() => {
        running--
        runNext()
      })
    }
  }

  async function run(execution: Execution) {
    const abort = new AbortController()
    aborts.set(execution.id, abort)
    execution.state = 'RUNNING'
    execution.startedAt = Date.now()
    try {
      execution.answer = await engine(execution, abort.signal)
      if (execution.state === 'RUNNING') end(execution, 'SUCCEEDED')
    } catch (error) {
      const isOurs = error instanceof QueryFailure
      if (!isOurs) console.error(error)
      execution.failure = isOurs ? error : new QueryFailure('GENERIC_INTERNAL_ERROR', String(error))
      if (execution.state === 'RUNNING') end(execution, 'FAILED')
    } finally {
      aborts.delete(execution.id)
    }
  }

  function end(execution: Execution, state: State) {
    execution.state = state
    execution.completedAt = Date.now()
    for (const [id, { completedAt }] of executions) {
      if (executions.size <= mostRemembered) return
      if (completedAt !== null) executions.delete(id)
    }
  }

  return {
    start({ outputOf, ...request }: Request): Execution {
      const id = randomUUID()
      const execution: Execution = {
        ...request,
        id,
        output: outputOf(id),
        state: 'QUEUED',
        submittedAt: Date.now(),
        startedAt: null,
        completedAt: null,
        answer: null,
        failure: null,
      }
      executions.set(id, execution)
      queue.push(execution)
      runNext()
      return execution
    },
    find: (id: string) => executions.get(id),
    /** Newest first. */
    list: () => [...executions.values()].reverse(),
    /** What has ended stays as it is. */
    stop(execution: Execution) {
      const waiting = queue.indexOf(execution)
      if (waiting >= 0) queue.splice(waiting, 1)
      if (execution.completedAt !== null) return
      end(execution, 'CANCELLED')
      aborts.get(execution.id)?.abort()
    },
  }
}
