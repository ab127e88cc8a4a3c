import type { Lambda } from './lambda.ts'
import type { ScheduleResource } from './system.ts'

export interface SchedulePorts {
  schedules: ScheduleResource[]
  lambdas: Map<string, Lambda>
  onError(error: unknown): void
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** Calls functions as the rules of the templates say, and once at the start: nobody waits for the first time here. */
export function startSchedules({ schedules, lambdas, onError }: SchedulePorts) {
  let isStopped = false
  const timers = schedules.flatMap(({ logicalId, properties }) =>
    properties.Targets.map(({ Arn }) => {
      const lambda = lambdas.get(Arn)
      if (!lambda) throw new Error(`Schedule ${logicalId} calls no function`)
      const call = async () => {
        const outcome = await lambda.invoke(scheduledEvent(logicalId))
        // What is cut off goes on after the next start.
        if (outcome.kind === 'error' && !isStopped) onError(new Error(`${logicalId}: ${outcome.message}`))
      }
      void call()
      return setInterval(call, intervalMs(properties.ScheduleExpression))
    }),
  )
  return () => {
    isStopped = true
    timers.forEach(clearInterval)
  }
}

function intervalMs(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? []
  if (unit === 'minute' || unit === 'hour' || unit === 'day') return Number(count) * unitMs[unit]
  throw new Error(`The templates use ${expression}, which the local runtime does not know`)
}

const scheduledEvent = (rule: string): string =>
  JSON.stringify({ source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [rule], detail: {} })
