import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../../infra/app.ts'
import { build } from '../../../infra/build.ts'

/** The app of the deployment with functions that do next to nothing. */
export async function assembleStubs() {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-stubs-'))
  const bundles = join(directory, 'functions')
  await build({ from: join(import.meta.dirname, 'stubs'), to: bundles })
  const outdir = join(directory, 'cloud')
  createApp({ bundles, outdir, checked: false }).synth()
  return outdir
}
