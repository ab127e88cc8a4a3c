import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { framesOf } from '../../functions/runtime/frames.ts'
import { bundling } from '../../infra/build.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'omnijourney-frames-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const frames = join(import.meta.dirname, '..', '..', 'functions', 'runtime', 'frames.ts')
const source = `
type Basket = { lines: number[] }
const first = ({ lines }: Basket) => lines.map((line) => line.toFixed(2)).join()

try {
  first(JSON.parse('{}'))
} catch (error) {
  console.log(JSON.stringify(framesOf(error as Error)))
}
import { framesOf } from ${JSON.stringify(frames)}
`

/** What a function of its own bundle says of its error, run as Lambda runs it. */
async function framesSaid(sourcemap: 'linked' | false): Promise<string[]> {
  writeFileSync(join(directory, 'basket.ts'), source)
  const entryPoints = [join(directory, 'basket.ts')]
  await build({ ...bundling, entryPoints, outdir: directory, sourcemap })
  return JSON.parse(execFileSync(process.execPath, [join(directory, 'basket.mjs')], { encoding: 'utf8' }))
}

describe('the frames of an error', () => {
  test('are places in the source, though the bundle is minified', async () => {
    expect((await framesSaid('linked')).slice(0, 2)).toEqual(['basket.ts:3:44', 'basket.ts:6:3'])
  })

  test('are as Node has them where there is no map', async () => {
    expect((await framesSaid(false))[0]).toMatch(/^at .*basket\.mjs:\d+:\d+/)
  })

  test('are none where an error has something else by that name', () => {
    expect(framesOf({ stack: null })).toEqual([])
  })
})
