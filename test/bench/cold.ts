import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build as bundle } from 'esbuild'
import { z } from 'zod'
import { bundling, type FunctionName, functionNames } from '../../infra/build.ts'
import { lean } from '../../infra/lean.ts'
import { assemble } from '../../infra/local/assembly.ts'
import { describeSystem, type FunctionResource } from '../../infra/local/system.ts'
import { onlyClients } from './cold-clients.ts'
import { type Column, percentile, printTable } from './report.ts'

const rounds = 15
const barRatio = 1.5
const project = join(import.meta.dirname, '..', '..')
const node = join(project, 'node_modules', 'node', 'bin', 'node')
const run = promisify(execFile)

/** Prints when the bundle began to load and when it was there, in milliseconds from the start of Node. */
const timed = `
const beganMs = performance.now()
await import(process.argv[1])
console.log(JSON.stringify([beganMs, performance.now()]))
`
const timesSchema = z.tuple([z.number(), z.number()])

/** What the first call of a function waits for, as Lambda counts it: Node begins, the bundle is loaded and runs. */
export async function benchCold(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-cold-'))
  try {
    const { functions } = describeSystem(await assemble(join(directory, 'assembly')))
    const rows: Column[][] = []
    for (const name of functionNames) {
      const resource = functions.find(({ id }) => id.toLowerCase() === name)
      if (!resource) throw new Error(`the templates have no function ${name}`)
      rows.push(await measure(name, resource, join(directory, name)))
    }
    printTable(
      `cold: from the start of Node until the bundle has run, medians of ${rounds}, and one that only creates its clients`,
      [
        '',
        'KB',
        'ms',
        'clients: KB',
        'ms',
        'ratio',
        `bar ${barRatio}`,
        'bundles alone: ms',
        'clients',
        'ratio',
      ],
      rows,
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measure(name: FunctionName, { module, properties }: FunctionResource, directory: string) {
  const [baseline = ''] = await bundleClients(name, directory)
  const environment = { ...properties.Environment.Variables, ...credentials }
  const [ours, theirs]: [Times[], Times[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ours.push(await timesOf(module, environment))
    theirs.push(await timesOf(baseline, environment))
  }
  const whole = [ours, theirs].map((times) => medianOf(times.map(([, endedMs]) => endedMs)))
  const alone = [ours, theirs].map((times) => medianOf(times.map(([beganMs, endedMs]) => endedMs - beganMs)))
  const ratio = ratioOf(whole)
  return [
    ...[name, kilobytes(module), whole[0] ?? 0, kilobytes(baseline), whole[1] ?? 0],
    ...[ratio, ratio > barRatio ? 'missed' : 'kept', ...alone, ratioOf(alone)],
  ]
}

type Times = z.infer<typeof timesSchema>

const medianOf = (values: readonly number[]): number => percentile(values, 0.5)
const ratioOf = ([ours = 0, theirs = 0]: readonly number[]): number => ours / theirs

async function bundleClients(name: FunctionName, directory: string): Promise<string[]> {
  const stdin = { contents: onlyClients(name), resolveDir: project }
  const { metafile } = await bundle({ ...bundling, stdin, outdir: directory, plugins: [lean] })
  return Object.keys(metafile.outputs)
    .filter((path) => path.endsWith('.mjs'))
    .map((path) => join(project, path))
}

/** As Lambda gives them; nothing is sent. */
const credentials = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' }

const kilobytes = (file: string): number => Math.round(statSync(file).size / 1000)

async function timesOf(file: string, environment: Record<string, string>): Promise<Times> {
  const { stdout } = await run(node, ['--input-type=module', '--eval', timed, file], { env: environment })
  return timesSchema.parse(JSON.parse(stdout))
}
