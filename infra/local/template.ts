import { z } from 'zod'
import { arnsIn, nameProperties } from './resource-names.ts'

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
})

export const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).default({}),
})

export type Template = z.infer<typeof templateSchema>

/** A resource with nothing left to resolve. */
export interface Resource {
  /** Its logical id, without the hash that the CDK appends. */
  id: string
  logicalId: string
  name: string
  arn: string
  properties: Record<string, unknown>
}

/** Where this machine pretends to be. */
export const place = {
  region: 'eu-central-1',
  accountId: '000000000000',
  partition: 'aws',
  userPoolId: 'eu-central-1_local',
} as const

const arns = arnsIn(place)

const pseudoParameters: Record<string, string> = {
  'AWS::Region': place.region,
  'AWS::AccountId': place.accountId,
  'AWS::Partition': place.partition,
  'AWS::URLSuffix': 'amazonaws.com',
}

/** What `Ref` gives is an ARN. */
const namedByArn = new Set(['AWS::SecretsManager::Secret', 'AWS::StepFunctions::StateMachine'])

interface Located {
  template: Template
  logicalId: string
}

/** Finds the resources of a type in all templates, with references, within and between stacks, followed. */
export function createResolver(templates: Template[]) {
  const exported = new Map<string, { template: Template; value: unknown }>()
  const outputs = new Map<string, { template: Template; value: unknown }>()
  for (const template of templates) {
    for (const [name, { Export, Value }] of Object.entries(template.Outputs)) {
      outputs.set(name, { template, value: Value })
      if (Export) exported.set(z.string().parse(resolve(template, Export.Name)), { template, value: Value })
    }
  }

  function resolve(template: Template, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => resolve(template, item))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    const [first] = entries
    if (first && entries.length === 1 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
      return call(template, first[0], first[1])
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, resolve(template, item)]))
  }

  function call(template: Template, name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return reference(template, z.string().parse(argument))
      case 'Fn::GetAtt': {
        const [logicalId, attribute] = z.tuple([z.string(), z.string()]).parse(argument)
        return attributeOf({ template, logicalId }, attribute)
      }
      case 'Fn::Join': {
        const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument)
        return parts.map((part) => String(resolve(template, part))).join(separator)
      }
      case 'Fn::Sub':
        return substitute(template, argument)
      case 'Fn::Select': {
        const [index, list] = z.tuple([z.coerce.number(), z.unknown()]).parse(argument)
        return z.array(z.unknown()).parse(resolve(template, list))[index]
      }
      case 'Fn::Split': {
        const [separator, text] = z.tuple([z.string(), z.unknown()]).parse(argument)
        return String(resolve(template, text)).split(separator)
      }
      case 'Fn::ImportValue': {
        const key = z.string().parse(resolve(template, argument))
        const output = exported.get(key)
        if (!output) throw new Error(`No stack exports ${key}`)
        return resolve(output.template, output.value)
      }
      case 'Fn::GetStackOutput': {
        // The CDK makes the names from what they are of, so they do not need the stack's.
        const { OutputName } = z.object({ OutputName: z.string() }).parse(argument)
        const output = outputs.get(OutputName)
        if (!output) throw new Error(`No stack has the output ${OutputName}`)
        return resolve(output.template, output.value)
      }
      default:
        throw new Error(`The templates use ${name}, which the local runtime does not know`)
    }
  }

  function reference(template: Template, logicalId: string): unknown {
    const pseudo = pseudoParameters[logicalId]
    if (pseudo !== undefined) return pseudo
    const parameter = template.Parameters[logicalId]
    if (parameter) return parameter.Default
    const { Type } = resourceAt({ template, logicalId })
    const located = { template, logicalId }
    return namedByArn.has(Type) ? arnOf(located) : nameOf(located)
  }

  function attributeOf(located: Located, attribute: string): string {
    if (attribute === 'Arn') return arnOf(located)
    if (attribute === 'StreamArn') return `${arnOf(located)}/stream/local`
    const { Type } = resourceAt(located)
    if (Type === 'AWS::Cognito::UserPool' && attribute === 'ProviderName')
      return `cognito-idp.${place.region}.amazonaws.com/${nameOf(located)}`
    throw new Error(`The local runtime does not know the attribute ${attribute} of ${Type}`)
  }

  function substitute(template: Template, argument: unknown): string {
    const [text, variables] = z
      .union([
        z.string().transform((only): [string, Record<string, unknown>] => [only, {}]),
        z.tuple([z.string(), z.record(z.string(), z.unknown())]),
      ])
      .parse(argument)
    return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (whole, escaped: string, name: string) => {
      if (escaped) return whole.replace('!', '')
      if (name in variables) return String(resolve(template, variables[name]))
      const [logicalId = '', attribute] = name.split('.')
      return String(
        attribute ? attributeOf({ template, logicalId }, attribute) : reference(template, logicalId),
      )
    })
  }

  function nameOf(located: Located): string {
    const { Type, Properties } = resourceAt(located)
    if (Type === 'AWS::Cognito::UserPool') return place.userPoolId
    const key = nameProperties[Type]
    const given = key?.split('.').reduce(propertyOf, Properties)
    if (given) return String(resolve(located.template, given))
    return key ? `omnijourney-${shortId(located.logicalId)}` : located.logicalId
  }

  function arnOf(located: Located): string {
    const { Type } = resourceAt(located)
    const write = arns[Type]
    return write ? write(nameOf(located)) : `arn:aws:local:::${located.logicalId}`
  }

  return {
    resources(type: string): Resource[] {
      return templates.flatMap((template) =>
        Object.entries(template.Resources)
          .filter(([, { Type }]) => Type === type)
          .map(([logicalId, { Properties }]) => ({
            id: shortId(logicalId),
            logicalId,
            name: nameOf({ template, logicalId }),
            arn: arnOf({ template, logicalId }),
            properties: z.record(z.string(), z.unknown()).parse(resolve(template, Properties)),
          })),
      )
    },
  }
}

export type Resolver = ReturnType<typeof createResolver>

function resourceAt({ template, logicalId }: Located) {
  const resource = template.Resources[logicalId]
  if (!resource) throw new Error(`The template has no resource ${logicalId}`)
  return resource
}

function shortId(logicalId: string) {
  return logicalId.replace(/[0-9A-F]{8}$/, '').toLowerCase()
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined
}
