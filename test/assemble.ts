import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of this run alone: where the first test that needs the assembled app puts it for all others. */
    assembly: string
  }
}

/** A place for the assembled app. Only a run that starts the system pays for filling it. */
export default function assembleOnce(project: TestProject) {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-assembly-'))
  project.provide('assembly', directory)
  return () => rmSync(directory, { recursive: true, force: true })
}
