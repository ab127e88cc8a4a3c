import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { journeyEventNames } from '../../functions/journey/journey-event-names.ts'
import { toEntry } from '../../functions/notify/entry.ts'
import { eventSchema } from '../../infra/event-schemas.ts'
import { checkEntry, entrySchema } from '../../infra/local/event-entry.ts'
import { allEvents } from '../notify/told-events.ts'
import { synthesize } from './synthesized.ts'

const ajv = new Ajv({
  allErrors: true,
  allowUnionTypes: true,
  formats: { 'date-time': (text: string) => /T.*Z$/.test(text) && !Number.isNaN(Date.parse(text)) },
  keywords: ['x-amazon-events-source', 'x-amazon-events-detail-type'],
})
/** Ajv knows no draft 4: the same in draft 7 stands for it. */
const validators = new Map(journeyEventNames.map((name) => [name, ajv.compile(eventSchema(name, 'draft-7'))]))

/** As a target gets them. */
const delivered = allEvents.map((told) => {
  const { Time, ...entry } = toEntry(told, new Date('2026-09-03T15:00:00Z'), 'bus')
  const checked = checkEntry(
    entrySchema.parse({ ...entry, Time: Time.getTime() / 1000 }),
    new Set(['bus']),
    Time,
  )
  if (checked.kind === 'wrong') throw new Error(checked.message)
  return { name: told.name, event: checked.event }
})

describe('the schemas of events', () => {
  test('are there for every event', () => {
    expect(delivered.map(({ name }) => name)).toEqual([...journeyEventNames])
  })

  test.each(delivered)('describe $name', ({ name, event }) => {
    const validate = validators.get(name)
    validate?.(event)
    expect(validate?.errors).toBeNull()
  })

  test.each(delivered)('tell $name from the others, and what is missing of it', ({ name, event }) => {
    const validate = validators.get(name)
    for (const other of delivered) expect(validate?.(other.event)).toBe(other.name === name)
    for (const field of Object.keys(event.detail)) {
      const detail = Object.fromEntries(Object.entries(event.detail).filter(([key]) => key !== field))
      expect([field, validate?.({ ...event, detail })]).toEqual([field, false])
    }
    expect(validate?.({ ...event, detail: { ...event.detail, at: 'yesterday' } })).toBe(false)
  })

  test('allow for fields that come later', () => {
    for (const { name, event } of delivered) {
      expect(validators.get(name)?.({ ...event, detail: { ...event.detail, later: 1 } })).toBe(true)
    }
  })

  test.each(journeyEventNames)('say the same of %s in draft 4 as in draft 7', (name) => {
    const draft4 = { ...eventSchema(name), $schema: '' }
    expect(draft4).toEqual({ ...eventSchema(name, 'draft-7'), $schema: '' })
    expect(eventSchema(name).$schema).toBe('http://json-schema.org/draft-04/schema#')
  })

  test('are in the registry of the stage, as EventBridge names and reads them', () => {
    const { operations } = synthesize()
    operations.hasResourceProperties('AWS::EventSchemas::Registry', { RegistryName: 'omnijourney-trial' })
    const schemas = Object.values(operations.findResources('AWS::EventSchemas::Schema'))
    const stored = schemas.map(({ Properties }) => [Properties.SchemaName, JSON.parse(Properties.Content)])
    expect(Object.fromEntries(stored)).toEqual(
      Object.fromEntries(journeyEventNames.map((name) => [`omnijourney@${name}`, eventSchema(name)])),
    )
    for (const { Properties } of schemas) {
      expect(Properties.Type).toBe('JSONSchemaDraft4')
      // The most that the registry takes.
      expect(Properties.Content.length).toBeLessThan(100_000)
    }
  })
})
