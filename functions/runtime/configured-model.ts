import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createModel, type Model, retail } from '../journey/model.ts'
import { modelSchemaFor } from '../journey/model-definition.ts'

/** The model that the stack was synthesized with, a file beside the bundle: it may be longer than an environment. */
export function configuredModel(directory = import.meta.dirname): Model {
  const file = join(directory, 'model.json')
  if (!existsSync(file)) return retail
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return createModel(modelSchemaFor(json).parse(json))
}
