import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockDirectory } from '../../../infra/local/lock.ts'
import { openState } from '../../../infra/local/state.ts'

const newDirectory = () => mkdtempSync(join(tmpdir(), 'omnijourney-state-'))

test('checkpoints and counters survive', () => {
  const directory = newDirectory()
  const before = openState(directory)
  before.saveCheckpoint('r', 's', '1')
  before.saveCheckpoint('r', 's', '2')
  before.finishShard('r', 'old')
  before.count('accepted', 2)
  before.count('accepted', 3)
  before.close()
  const after = openState(directory)
  expect(after.checkpoint('r', 's')).toEqual({ after: '2', finished: false })
  expect(after.checkpoint('r', 'old')).toEqual({ after: undefined, finished: true })
  expect(after.checkpoint('other', 's')).toEqual({ after: undefined, finished: false })
  expect([after.counter('accepted'), after.counter('duplicate')]).toEqual([5, 0])
  after.close()
})

test('a change that fails leaves nothing behind', () => {
  const state = openState(newDirectory())
  const change = () =>
    state.atomically(() => {
      state.count('accepted', 1)
      throw new Error('halfway')
    })
  expect(change).toThrow('halfway')
  expect(state.counter('accepted')).toBe(0)
  state.close()
})

test('one runtime at a time has a directory', () => {
  const directory = newDirectory()
  const lock = lockDirectory(directory)
  expect(() => lockDirectory(directory)).toThrow('already runs')
  lock.release()
  lockDirectory(directory).release()
})
