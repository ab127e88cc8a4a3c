import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createLambda, type Lambda } from '../../../infra/local/lambda.ts'

const opened: Lambda[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((lambda) => lambda.close()))
})

function start(code: string, { timeoutSeconds = 5 } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-lambda-'))
  const module = join(directory, 'index.mjs')
  writeFileSync(module, code)
  const lambda = createLambda({
    lambda: {
      id: 'probe',
      logicalId: 'Probe',
      name: 'omnijourney-probe',
      arn: 'arn:probe',
      module,
      handler: 'handler',
      properties: {
        Code: { S3Key: '' },
        Handler: 'index.handler',
        Timeout: timeoutSeconds,
        MemorySize: 512,
        Environment: { Variables: { PLACE: 'here' } },
      },
    },
    variables: { AWS_REGION: 'eu-central-1' },
    logDirectory: directory,
  })
  opened.push(lambda)
  return { lambda, log: () => readFileSync(join(directory, 'probe.log'), 'utf8') }
}

describe('a function', () => {
  test('gets event, context and its own environment', async () => {
    const { lambda } = start(`
      export const handler = async (event, context) => ({
        event, place: process.env.PLACE, region: process.env.AWS_REGION, home: process.env.HOME,
        name: context.functionName, left: context.getRemainingTimeInMillis() > 4000,
      })`)
    expect(await lambda.invoke('{"a":1}')).toMatchObject({
      kind: 'result',
      result: {
        event: { a: 1 },
        place: 'here',
        region: 'eu-central-1',
        name: 'omnijourney-probe',
        left: true,
      },
    })
  })

  test('has all that it printed counted to the invocation that printed it', async () => {
    const { lambda, log } = start(`
      export const handler = async ({ n }) => { console.log('x'.repeat(200000)); console.log('n=' + n) }`)
    for (const n of [1, 2, 3]) {
      const outcome = await lambda.invoke(JSON.stringify({ n }))
      expect(outcome).toMatchObject({ kind: 'result', printed: [expect.any(String), `n=${n}`, ''] })
    }
    await lambda.close()
    expect(log().match(/n=\d/g)).toEqual(['n=1', 'n=2', 'n=3'])
  })

  test.each([
    ['throws', 'throw new Error("no luck")', 'no luck'],
    ['ends its process', 'process.exit(3)', 'code 3'],
    [
      'throws outside of the invocation',
      'setTimeout(() => { throw new Error("late") }); await new Promise(() => {})',
      'late',
    ],
  ])('that %s fails that invocation only', async (_, code, message) => {
    const { lambda } = start(
      `export const handler = async ({ bad }) => { if (bad) { ${code} } return 'good' }`,
    )
    expect(await lambda.invoke('{"bad":true}')).toMatchObject({
      kind: 'error',
      message: expect.stringContaining(message),
    })
    expect(await lambda.invoke('{}')).toMatchObject({ kind: 'result', result: 'good' })
  })

  test('is cut off at its timeout, also in an endless loop', async () => {
    const { lambda } = start('export const handler = async ({ bad }) => { while (bad); return 1 }', {
      timeoutSeconds: 0.2,
    })
    expect(await lambda.invoke('{"bad":true}')).toMatchObject({
      message: expect.stringContaining('timed out'),
    })
    expect(await lambda.invoke('{}')).toMatchObject({ result: 1 })
  })

  test('takes one invocation at a time in each of at most four environments', async () => {
    const { lambda } = start(`
      import { threadId } from 'node:worker_threads'
      let running = 0
      export const handler = async () => {
        const most = ++running
        await new Promise((resolve) => setTimeout(resolve, 20))
        running--
        return { threadId, most }
      }`)
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => lambda.invoke('{}')))
    const results = outcomes.map((outcome) => (outcome.kind === 'result' ? outcome.result : undefined))
    expect(results.every((result) => JSON.stringify(result).includes('"most":1'))).toBe(true)
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBeLessThanOrEqual(4)
  })

  test('that cannot be loaded says why', async () => {
    const { lambda } = start('export const other = 1')
    expect(await lambda.invoke('{}')).toMatchObject({
      kind: 'error',
      message: expect.stringContaining('does not export handler'),
    })
  })
})
