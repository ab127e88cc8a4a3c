import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type BuildOptions as Bundling, build as bundle } from 'esbuild'
import type { ModelDefinition } from '../functions/journey/model-definition.ts'
import { apart, lean } from './lean.ts'

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

/** Small files start fast: of packages that have ES modules, esbuild drops what is not used. */
export const bundling = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'error',
  // Dependencies published as CommonJS call require, which an ES module does not have.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
} satisfies Bundling

export interface BuildOptions {
  /** Directory of the entry points. */
  from?: string
  /** Directory of the bundles: each becomes `<name>/index.mjs`. */
  to?: string
}

/** Bundles every entry point in one pass, and in a second one what some of them may need later, beside them. */
export async function build({ from = join(project, 'functions'), to = bundleDirectory }: BuildOptions = {}) {
  const present = functionNames.filter((name) => existsSync(join(from, `${name}.ts`)))
  const later = new Map<string, string>()
  const entryPoints = present.map((name) => ({ in: join(from, `${name}.ts`), out: `${name}/index` }))
  const { metafile } = await bundle({ ...bundling, entryPoints, outdir: to, plugins: [lean, apart(later)] })
  const wanted = Object.entries(metafile.outputs).flatMap(([output, { imports }]) => {
    const folder = basename(dirname(output))
    const files = imports.flatMap(({ path }) => later.get(path) ?? [])
    return files.map((file) => ({ in: file, out: join(folder, basename(file, '.ts')) }))
  })
  const apartFrom = await bundle({ ...bundling, entryPoints: wanted, outdir: to, plugins: [lean] })
  const made = [metafile, apartFrom.metafile].flatMap(({ outputs }) => Object.keys(outputs))
  removeOthers(new Set(made.map((path) => resolve(path))), to)
  placeStatements(from, to)
}

/** Bundles of an earlier build would be deployed with today's. */
function removeOthers(made: ReadonlySet<string>, to: string) {
  const bundles = readdirSync(to, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.mjs(\.map)?$/.test(file),
  )
  for (const file of bundles.map((name) => resolve(to, name))) if (!made.has(file)) rmSync(file)
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
