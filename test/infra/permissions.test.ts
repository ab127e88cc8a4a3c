import { expect, test } from 'vitest'
import { z } from 'zod'
import { createResolver, templateSchema } from '../../infra/local/template.ts'
import { synthesize } from './synthesized.ts'

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())
const policySchema = z.object({
  Roles: z.array(z.string()),
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Effect: z.literal('Allow'),
        Action: oneOrMore,
        Resource: oneOrMore,
        Condition: z.unknown().optional(),
      }),
    ),
  }),
})
const roleSchema = z.object({
  ManagedPolicyArns: z.array(z.unknown()).default([]),
  Policies: z.array(z.unknown()).default([]),
})

const templates = Object.values(synthesize()).map((template) => templateSchema.parse(template.toJSON()))
const resolver = createResolver(templates)

/** `arn:aws:dynamodb:eu-central-1:000000000000:table/omnijourney-identity` without what is the same for all. */
const shown = (arn: string) => arn.replace(/^arn:aws:/, '').replace(/:eu-central-1:000000000000:/, ':')

/** What each role may do, and on what: one line for each resource. */
function allowed() {
  const lines = new Map<string, string[]>()
  for (const { properties } of resolver.resources('AWS::IAM::Policy')) {
    const { Roles, PolicyDocument } = policySchema.parse(properties)
    const granted = new Map<string, Set<string>>()
    for (const { Action, Resource, Condition } of PolicyDocument.Statement) {
      for (const resource of Resource) {
        const on = `${shown(resource)}${Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`}`
        granted.set(on, new Set([...(granted.get(on) ?? []), ...Action]))
      }
    }
    const told = [...granted].map(([on, actions]) => `  ${on}: ${[...actions].sort().join(' ')}`)
    for (const role of Roles) lines.set(role, [...(lines.get(role) ?? []), ...told])
  }
  return [...lines]
    .map(([role, told]) => `${role.replace(/(Role)?[0-9A-F]{8}$/, '')}\n${told.sort().join('\n')}\n`)
    .sort()
    .join('\n')
}

test('every role may do what is written down for it, and nothing else', async () => {
  await expect(allowed()).toMatchFileSnapshot('permissions.txt')
})

test('no role has anything by way of AWS’ own policies or inline', () => {
  for (const { id, properties } of resolver.resources('AWS::IAM::Role'))
    expect({ id, ...roleSchema.parse(properties) }).toMatchObject({ ManagedPolicyArns: [], Policies: [] })
})
