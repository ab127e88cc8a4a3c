import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { retail } from '../../functions/journey/model.ts'
import { configuredModel } from '../../functions/runtime/configured-model.ts'
import { build, functionNames, placeModel } from '../../infra/build.ts'
import { travel, travelFile } from '../journey/travel.ts'

test('a model lies beside the bundles of the functions that fold and tell, until there is none any more', () => {
  const bundles = mkdtempSync(join(tmpdir(), 'omnijourney-bundles-'))
  for (const name of functionNames) mkdirSync(join(bundles, name))
  const read = () => functionNames.filter((name) => existsSync(join(bundles, name, 'model.json')))

  placeModel(travelFile, bundles)
  expect(read()).toEqual(['journey', 'publish', 'refold', 'timers', 'customers', 'analyse'])
  const text = readFileSync(join(bundles, 'journey', 'model.json'), 'utf8')
  placeModel(travelFile, bundles)
  expect(readFileSync(join(bundles, 'journey', 'model.json'), 'utf8')).toBe(text)
  const found = configuredModel(join(bundles, 'journey'))
  expect(found).toMatchObject({ name: 'travel', digest: travel.digest, definition: travelFile })
  expect(configuredModel(join(bundles, 'process'))).toBe(retail)

  placeModel(null, bundles)
  expect(read()).toEqual([])
})

const mostBytes = 500_000

test('no bundle is larger than 500 KB; S3 and phone numbers wait in their own where few requests need them', async () => {
  const bundles = mkdtempSync(join(tmpdir(), 'omnijourney-bundles-'))
  mkdirSync(join(bundles, 'collect'))
  writeFileSync(join(bundles, 'collect', 'chunk-of-yesterday.mjs'), '')
  await build({ to: bundles })
  const files = readdirSync(bundles, { recursive: true, encoding: 'utf8' })
  const later = [
    ...['collect', 'process', 'quarantine'].map((name) => join(name, 'quarantine-bucket.mjs')),
    ...['customers', 'operations'].map((name) => join(name, 'identifier.mjs')),
  ]
  const expected = [...functionNames.map((name) => join(name, 'index.mjs')), ...later]
  expect(files.filter((path) => path.endsWith('.mjs')).sort()).toEqual(expected.sort())
  // Zod comes whole, and is too much, once a file in functions/ says `import { z }` and not `import * as z`.
  expect(expected.filter((path) => statSync(join(bundles, path)).size > mostBytes)).toEqual([])
})
