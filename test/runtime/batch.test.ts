import type { Context } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { batchLineBytes } from '../../infra/cost/measured.ts'

// Powertools then logs to the console of whoever looks.
vi.stubEnv('POWERTOOLS_DEV', 'true')
const { batchHandler } = await import('../../functions/runtime/batch.ts')

const context: Context = {
  ...{ functionName: 'process', functionVersion: '$LATEST', memoryLimitInMB: '128' },
  awsRequestId: '1ba2a3ea-66c3-4f8e-8f0b-5c1d7e9c3a10',
  ...{
    invokedFunctionArn: 'arn',
    logGroupName: 'g',
    logStreamName: 's',
    callbackWaitsForEmptyEventLoop: true,
  },
  ...{ getRemainingTimeInMillis: () => 1000, done: () => {}, fail: () => {}, succeed: () => {} },
}

const lines: unknown[] = []
const keep = (line: string) => void lines.push(JSON.parse(line))
beforeEach(() => {
  lines.length = 0
  vi.spyOn(console, 'info').mockImplementation(keep)
  vi.spyOn(console, 'error').mockImplementation(keep)
})
afterEach(() => vi.restoreAllMocks())

describe('a batch', () => {
  test('is one line, with what is told of it', async () => {
    const handler = batchHandler(async (records: string[], tell) => {
      tell({ correlationIds: records.join(' '), accepted: 2 })
      return null
    })
    expect(await handler({ Records: ['a', 'b'] }, context)).toEqual({ batchItemFailures: [] })
    expect(lines).toEqual([
      expect.objectContaining({
        ...{ message: 'batch', records: 2, correlationIds: 'a b', accepted: 2 },
        durationMs: expect.any(Number),
      }),
    ])
  })

  test('costs what the bill says', async () => {
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'publish')
    vi.resetModules()
    const { batchHandler: handlerOf } = await import('../../functions/runtime/batch.ts')
    const handler = handlerOf(async (_: string[], tell) => {
      tell({ correlationIds: '' })
      return null
    })
    await handler({ Records: ['a'] }, context)
    await handler({ Records: Array(100).fill('a') }, context)
    // CloudWatch adds 26 bytes to each line.
    const bytes = JSON.stringify(lines[1]).length + 26
    expect(bytes).toBeGreaterThan(batchLineBytes - 10)
    expect(bytes).toBeLessThanOrEqual(batchLineBytes)
  })

  test('says from where on it comes again', async () => {
    const handler = batchHandler(async () => '17')
    expect(await handler({ Records: ['a'] }, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: '17' }],
    })
    expect(lines).toEqual([expect.objectContaining({ failedFrom: '17' })])
  })

  test('that fails as a whole is named, without what the error quotes', async () => {
    const handler = batchHandler(async (_: string[], tell) => {
      tell({ correlationIds: 'a' })
      throw new TypeError('ada@example.org is not iterable')
    })
    await expect(handler({ Records: ['a'] }, context)).rejects.toThrow(TypeError)
    expect(lines).toEqual([
      expect.objectContaining({
        ...{ level: 'ERROR', message: 'a batch failed', correlationIds: 'a' },
        error: expect.objectContaining({ name: 'TypeError' }),
      }),
    ])
    expect(JSON.stringify(lines)).not.toContain('ada@example.org')
  })
})
