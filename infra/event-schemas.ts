import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas'
import type { Construct } from 'constructs'
import { z } from 'zod'
import { type JourneyEventName, journeyEventNames } from '../functions/journey/journey-event-names.ts'
import { publishedDetails } from '../functions/journey/published-events.ts'
import { eventSource } from '../functions/notify/entry.ts'

/** A registry of what goes out on the event bus, from which integrators download types for their language. */
export function createEventSchemas(scope: Construct, prefix: string) {
  const registry = new CfnRegistry(scope, 'EventSchemas', {
    registryName: prefix,
    description: 'omnijourney: what happens on journeys, as it goes out on the event bus',
  })
  for (const name of journeyEventNames) {
    new CfnSchema(scope, `${name}Schema`, {
      registryName: registry.attrRegistryName,
      // As EventBridge names the schemas that it discovers.
      schemaName: `${eventSource}@${name}`,
      type: 'JSONSchemaDraft4',
      content: JSON.stringify(eventSchema(name)),
    })
  }
}

/**
 * The JSON Schema of an event as EventBridge delivers it, in the shape of the registry's own. It allows for fields
 * that come later.
 */
export function eventSchema(name: JourneyEventName, target: 'draft-4' | 'draft-7' = 'draft-4') {
  const text = { type: 'string' } as const
  const { $schema, ...detail } = z.toJSONSchema(publishedDetails[name], {
    target,
    io: 'input',
    override: plainly,
  })
  return {
    $schema,
    title: name,
    type: 'object',
    'x-amazon-events-source': eventSource,
    'x-amazon-events-detail-type': name,
    definitions: { [name]: detail },
    properties: {
      version: text,
      id: text,
      'detail-type': { ...text, enum: [name] },
      source: { ...text, enum: [eventSource] },
      account: text,
      time: { ...text, format: 'date-time' },
      region: text,
      resources: { type: 'array', items: text },
      detail: { $ref: `#/definitions/${name}` },
    },
    required: ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'],
  } as const
}

/** Without what says no more than type and format do: the pattern of a time, the range of whole numbers. */
function plainly({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
}
