import { describe, it } from 'vitest'
import { onEveryStore, onSimulatedStore } from '../simulation/engines.ts'
import { failAfterConflict, forgetWhileReading } from './batch-races.ts'
import { markRaces } from './mark-races.ts'
import { mergeRaces } from './merge-races.ts'
import { operatorRaces } from './operator-races.ts'
import { testHolds, testRaces } from './race-tests.ts'
import { refusalRaces } from './refusal-races.ts'

const races = [...mergeRaces, ...refusalRaces, ...markRaces, ...operatorRaces]

describe('workers that meet at the same persons', () => {
  onEveryStore((engine) => {
    testRaces(races, engine)
    it('a chain of a batch reads what another chain of it forgets', () => forgetWhileReading(engine()))
    it('a conflict after which nothing can be read', () => failAfterConflict(engine()))
  })
})

describe('two workers, held at any two of their requests, end as if one event had come after the other', () => {
  const ofTwo = races.filter(({ acts }) => acts.length === 2)
  onSimulatedStore((engine) => testHolds(ofTwo, engine))
})
