import { afterEach, describe, expect, test, vi } from 'vitest'
import type { InvocationResult } from '../../../infra/local/environment.ts'
import { startSchedules } from '../../../infra/local/schedules.ts'

const Arn = 'arn:aws:lambda:eu-central-1:000000000000:function:omnijourney-probe'

function start(expression: string, answer: InvocationResult = { kind: 'result', result: null, printed: [] }) {
  const calls: unknown[] = []
  const errors: unknown[] = []
  const lambda = {
    invoke: async (payload: string) => {
      calls.push(JSON.parse(payload))
      return answer
    },
    close: async () => {},
  }
  const properties = { ScheduleExpression: expression, Targets: [{ Arn }] }
  const stop = startSchedules({
    schedules: [{ id: 'probe', logicalId: 'Probe', name: 'Probe', arn: 'arn:probe', properties }],
    lambdas: new Map([[Arn, lambda]]),
    onError: (error) => errors.push(error),
  })
  return { calls, errors, stop }
}

describe('a schedule', () => {
  vi.useFakeTimers()
  afterEach(() => vi.clearAllTimers())

  test('calls its function at once, then at its rate, until it is stopped', () => {
    const { calls, stop } = start('rate(15 minutes)')
    expect(calls).toMatchObject([{ source: 'aws.events', 'detail-type': 'Scheduled Event' }])
    vi.advanceTimersByTime(31 * 60_000)
    expect(calls).toHaveLength(3)
    stop()
    vi.advanceTimersByTime(60 * 60_000)
    expect(calls).toHaveLength(3)
  })

  test('tells what goes wrong, but not that it was stopped', async () => {
    const failing = start('rate(1 hour)', { kind: 'error', message: 'no luck' })
    await vi.advanceTimersByTimeAsync(0)
    expect(failing.errors).toEqual([new Error('Probe: no luck')])
    const stopped = start('rate(1 day)', { kind: 'error', message: 'cut off' })
    stopped.stop()
    await vi.advanceTimersByTimeAsync(0)
    expect(stopped.errors).toEqual([])
  })

  test.each(['cron(0 3 * * ? *)', 'rate(0.5 hours)', 'rate(2 weeks)'])('cannot be %s', (expression) => {
    expect(() => start(expression)).toThrow(`${expression}, which the local runtime does not know`)
  })
})
