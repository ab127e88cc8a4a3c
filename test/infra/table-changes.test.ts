import { describe, expect, test } from 'vitest'
import { createMatcher } from '../../infra/local/pattern.ts'
import { tableChanges } from '../../infra/table-changes.ts'

const change = (eventName: string, pk: string, sk: string) => ({
  eventName,
  dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } } },
})

describe('what of the touchpoints goes to the lake', () => {
  const matches = createMatcher([JSON.stringify(tableChanges.storedEvent)])

  test.each([
    ['a touchpoint of somebody', change('INSERT', 'N#1', 'T#2'), true],
    ['one of nobody', change('INSERT', 'X#255', 'T#2'), true],
    ['a quarantined record', change('INSERT', 'Q#2026-09', '2026-09-01_a'), true],
    ['a touchpoint that expires', change('REMOVE', 'X#255', 'T#2'), false],
    ['one that is written again', change('MODIFY', 'N#1', 'T#2'), false],
    ['anything else', change('INSERT', 'P#1', 'C'), false],
  ])('%s: %j', (_, record, expected) => {
    expect(matches(record)).toBe(expected)
  })
})

describe('what of the identities goes to the lake', () => {
  const matches = createMatcher([JSON.stringify(tableChanges.writtenNode)])

  test.each([
    ['a new node', change('INSERT', 'N#1', 'N'), true],
    ['one that changes its person', change('MODIFY', 'N#1', 'N'), true],
    ['one that is deleted', change('REMOVE', 'N#1', 'N'), false],
    ['an identifier', change('INSERT', 'I#email#1.x', 'I'), false],
    ['a merge record', change('INSERT', 'N#1', 'M#1'), false],
  ])('%s: %j', (_, record, expected) => {
    expect(matches(record)).toBe(expected)
  })
})

describe('what else makes the lake look again', () => {
  const matches = createMatcher(
    [tableChanges.writtenHousehold, tableChanges.changedJourneys].map((pattern) => JSON.stringify(pattern)),
  )

  test.each([
    ['a refusal that makes a household', change('INSERT', 'I#email#1.x', 'H#1'), true],
    ['a journey', change('MODIFY', 'P#1', '0#J#2026'), true],
    ['a journey that goes', change('REMOVE', 'P#1', '0#J#2026'), true],
    ['a timer', change('INSERT', 'W#1', '2026#1'), false],
    ['an identifier', change('INSERT', 'I#email#1.x', 'I'), false],
  ])('%s: %j', (_, record, expected) => {
    expect(matches(record)).toBe(expected)
  })
})
