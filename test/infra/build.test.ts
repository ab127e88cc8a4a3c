import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { retail } from '../../functions/journey/model.ts'
import { configuredModel } from '../../functions/runtime/configured-model.ts'
import { functionNames, placeModel } from '../../infra/build.ts'
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
