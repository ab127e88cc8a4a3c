import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'
import type { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { synthesize } from './synthesized.ts'

const spec = loadAwsServiceSpecSync()
const resources = z.record(
  z.string(),
  z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
)

/** What only says who may, and goes and comes without anything being lost. */
const holdsNothing = new Set(['AWS::S3::BucketPolicy'])

/** A line for each: its logical id, its type, and those properties which CloudFormation cannot change but by replacing it. */
function pinned(stack: Template): string[] {
  const found = resources.parse(stack.toJSON().Resources)
  return Object.entries(found)
    .filter(([, { Type }]) => !holdsNothing.has(Type))
    .map(([id, { Type, Properties }]) => {
      const { properties } = spec.lookup('resource', 'cloudFormationType', 'equals', Type).only()
      const fixed = Object.entries(Properties).filter(
        ([name]) => (properties[name]?.causesReplacement ?? 'no') !== 'no',
      )
      return `${id} ${Type} ${JSON.stringify(Object.fromEntries(fixed.sort()))}`
    })
    .sort()
}

const released = readFileSync(join(import.meta.dirname, 'pinned.txt'), 'utf8')
  .trimEnd()
  .split('\n')

describe('what holds data', () => {
  // A line that is missing or other: that resource would be deleted or replaced, with all that is in it. Lines are only added.
  test('stays what it is', () => {
    expect(pinned(synthesize().stateful)).toEqual(released)
  })

  test.each([
    { profile: 'small' },
    { profile: 'large' },
    { stream: { mode: 'on-demand' } },
    { tags: { team: 'data' }, region: 'eu-central-1' },
    { removalPolicy: 'destroy', lakeBufferSeconds: 900, logDays: 7, monthlyBudget: 10 },
    { settings: { currency: 'GBP', quietMinutes: 30 } },
  ])('is not replaced by %j', (options) => {
    expect(pinned(synthesize(options).stateful)).toEqual(released)
  })
})
