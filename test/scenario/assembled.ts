import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject, vi } from 'vitest'
import { assemble } from '../../infra/local/assembly.ts'

/** The app of the deployment, bundled and synthesized once in a run of tests, whichever file comes first. */
export async function assembled(): Promise<string> {
  const place = inject('assembly')
  const [directory, claim, done] = [join(place, 'cloud'), join(place, 'claim'), join(place, 'done')]
  await vi.waitUntil(() => existsSync(done) || claimed(claim), { timeout: 60_000, interval: 20 })
  if (existsSync(done)) return directory
  try {
    await assemble(directory)
    writeFileSync(done, '')
    return directory
  } catch (error) {
    // The next one tries, and tells the same, instead of waiting for what never comes.
    rmdirSync(claim)
    throw error
  }
}

function claimed(claim: string): boolean {
  try {
    mkdirSync(claim)
    return true
  } catch {
    return false
  }
}
