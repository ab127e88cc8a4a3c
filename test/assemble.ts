import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of this run alone: where the first test that needs the assembled app puts it for all others. */
    assembly: string
  }
}

/** A place for the assembled app, which only a run that starts the system fills, and for all that tests leave behind. */
export default function prepareOnce(project: TestProject) {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-test-'))
  // Workers are started after this, with this environment.
  process.env.TMPDIR = directory
  const assembly = join(directory, 'assembly')
  mkdirSync(assembly)
  project.provide('assembly', assembly)
  return () => rmSync(directory, { recursive: true, force: true })
}
