import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { build } from '../build.ts'
import { type Template, templateSchema } from './template.ts'

const project = join(import.meta.dirname, '..', '..')

/** What `cdk synth` would give: templates, and the bundles as the assets that they name. */
export interface Assembly {
  templates: Template[]
  directory: string
}

const assemblyDirectory = join(project, 'build', 'cloud')

const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) })

/** Bundles the functions and synthesizes the app, as the deployment does. */
export async function assemble(directory = assemblyDirectory): Promise<Assembly> {
  // The CDK takes half a second to load, which the bundler, a process of its own, can use.
  const [{ createApp }] = await Promise.all([import('../app.ts'), build()])
  const { context } = cdkJson.parse(JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8')))
  rmSync(directory, { recursive: true, force: true })
  createApp({ context, outdir: directory, checked: false }).synth()
  return readAssembly(directory)
}

/** What an earlier `assemble` left, for many starts in one run of tests. */
export function readAssembly(directory = assemblyDirectory): Assembly {
  const files = readdirSync(directory).filter((name) => name.endsWith('.template.json'))
  const templates = files.map((name) =>
    templateSchema.parse(JSON.parse(readFileSync(join(directory, name), 'utf8'))),
  )
  return { templates, directory }
}
