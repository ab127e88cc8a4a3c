import { cpSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as bundle } from 'esbuild'
import type { ModelDefinition } from '../functions/journey/model-definition.ts'

/** The Lambda entry points, in the order of the flow. */
export const functionNames = [
  'collect',
  'process',
  'journey',
  'publish',
  'refold',
  'timers',
  'notify',
  'customers',
  'operations',
  'quarantine',
  'campaigns',
  'analyse',
  'refresh',
  'insights',
] as const

export type FunctionName = (typeof functionNames)[number]

const project = join(import.meta.dirname, '..')

/** Where the bundles go; the stacks and the local runtime load them from here. */
export const bundleDirectory = join(project, 'build', 'functions')

export interface BuildOptions {
  /** Directory of the entry points. */
  from?: string
  /** Directory of the bundles: each becomes `<name>/index.mjs`. */
  to?: string
}

/** Bundles every entry point in one pass. */
export async function build({ from = join(project, 'functions'), to = bundleDirectory }: BuildOptions = {}) {
  const present = functionNames.filter((name) => existsSync(join(from, `${name}.ts`)))
  await bundle({
    entryPoints: present.map((name) => ({ in: join(from, `${name}.ts`), out: `${name}/index` })),
    outdir: to,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: 'linked',
    logLevel: 'error',
    // Dependencies published as CommonJS call require, which an ES module does not have.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  placeStatements(from, to)
}

/** The statements of analyses lie beside the function that asks for them, in folders as in the source. */
function placeStatements(from: string, to: string) {
  const filter = (path: string) => statSync(path).isDirectory() || path.endsWith('.sql')
  const source = join(from, 'analytics')
  if (existsSync(source)) cpSync(source, join(to, 'analyse'), { recursive: true, filter })
}

/** Those that look for a model of the retailer's own beside their bundle. */
const modelReaders = [
  'journey',
  'publish',
  'refold',
  'timers',
  'customers',
  'analyse',
] as const satisfies FunctionName[]

/** Puts a retailer's own model where the functions find it, or takes away one that was there before. */
export function placeModel(model: ModelDefinition | null, bundles: string) {
  for (const name of modelReaders) {
    const file = join(bundles, name, 'model.json')
    if (model) writeFileSync(file, JSON.stringify(model))
    else rmSync(file, { force: true })
  }
}

if (import.meta.main) await build()
