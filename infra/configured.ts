import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, parseConfig } from './config.ts'

const project = join(import.meta.dirname, '..')
const cdkSchema = z.object({ context: z.object({ omnijourney: z.unknown() }) })

/** What cdk.json says, for commands that look for the deployment that it describes. */
export function configured(): Config {
  const text = readFileSync(join(project, 'cdk.json'), 'utf8')
  const { context } = cdkSchema.parse(JSON.parse(text))
  return parseConfig(context.omnijourney, { name: 'cdk.json', text }, project)
}
