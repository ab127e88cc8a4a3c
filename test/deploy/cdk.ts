import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { account, type Emulator, region } from './emulator.ts'

const project = join(import.meta.dirname, '..', '..')
const node = join(project, 'node_modules', 'node', 'bin', 'node')
const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) })

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()))
export type Outputs = z.infer<typeof outputsSchema>

export type Cdk = ReturnType<typeof createCdk>

/** The CDK's CLI, as an operator runs it, in a folder that has nothing but a cdk.json with these options. */
export function createCdk({ environment }: Emulator) {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-cdk-'))
  const outputsFile = join(directory, 'outputs.json')

  function run(...given: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(node, [join(project, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...given], {
        cwd: directory,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      })
      let printed = ''
      const take = (chunk: Buffer) => {
        printed += chunk.toString()
      }
      child.stdout.on('data', take)
      child.stderr.on('data', take)
      child.once('error', reject)
      child.once('exit', (code) => {
        if (code === 0) resolve(printed)
        else reject(new Error(`cdk ${given.join(' ')} ended with ${code}:\n${printed.slice(-4_000)}`))
      })
    })
  }

  return {
    bootstrap: () => run('bootstrap', `aws://${account}/${region}`),
    /** The stacks that the emulator knows all of; their outputs. */
    async deploy(options: object, stacks: string[]): Promise<Outputs> {
      const { context } = cdkJson.parse(JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8')))
      const app = `${node} ${join(project, 'infra', 'app.ts')}`
      const written = JSON.stringify({ app, context: { ...context, omnijourney: options } })
      writeFileSync(join(directory, 'cdk.json'), written)
      await run('deploy', ...stacks, '--require-approval', 'never', '--outputs-file', outputsFile)
      return outputsSchema.parse(JSON.parse(readFileSync(outputsFile, 'utf8')))
    },
    destroy: (stacks: string[]) => run('destroy', ...stacks, '--force'),
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}
