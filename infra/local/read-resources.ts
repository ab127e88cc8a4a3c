import type { z } from 'zod'
import type { Resolver, Resource } from './template.ts'

type Described<T> = Omit<Resource, 'properties'> & { properties: T }

/** The resources of a type, with the properties that this runtime knows. */
export function read<T>(
  resolver: Resolver,
  type: string,
  schema: z.ZodType<T>,
  isWanted: (properties: Record<string, unknown>) => boolean = () => true,
): Described<T>[] {
  const wanted = resolver.resources(type).filter(({ properties }) => isWanted(properties))
  return wanted.map((resource) => {
    const parsed = schema.safeParse(resource.properties)
    if (!parsed.success) {
      throw new Error(`The local runtime cannot read ${type} ${resource.logicalId}`, { cause: parsed.error })
    }
    return { ...resource, properties: parsed.data }
  })
}
