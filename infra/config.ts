import { z } from 'zod'
import { settingsSchema } from '../functions/runtime/settings.ts'

/** What an operator may set in cdk.json, context `omnijourney`. */
const configSchema = z.strictObject({
  /** Part of the stacks' names, so that one account can hold several. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/)
    .default('trial'),
  /** Each shard takes 1,000 records or 1 MiB a second. */
  shardCount: z.int().min(1).max(500).default(1),
  /** Above 1, order holds per partition key only. */
  parallelizationFactor: z.int().min(1).max(10).default(1),
  /** What becomes of data, and of the key that it is matched by, when a stack is deleted. */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  settings: settingsSchema.prefault({}),
})

export type Config = z.infer<typeof configSchema>

export function parseConfig(context: unknown): Config {
  const parsed = configSchema.safeParse(context ?? {})
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    ({ path, message }) => `  ${['omnijourney', ...path].join('.')}: ${message}`,
  )
  throw new Error(`The configuration in cdk.json (context) is not valid:\n${problems.join('\n')}`)
}
