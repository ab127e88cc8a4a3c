import { expect, it } from 'vitest'
import { createProgress } from '../../infra/replay/progress.ts'

function terminal(isTTY: boolean) {
  let written = ''
  let now = 10_000
  const progress = createProgress({ isTTY, write: (text) => (written += text) }, () => now)
  return { progress, written: () => written, later: (ms: number) => (now += ms) }
}

const state = { sent: 500, read: 1000, fraction: 0.5, elapsedMs: 1000 }

it('estimates the total from the part of the file that was read', () => {
  const { progress, written } = terminal(true)
  progress.sending(state)
  expect(written()).toBe('\r\x1b[K[######..................] 500/~2000  500/s  3 s left')
  progress.clear()
  expect(written().endsWith('\r\x1b[K')).toBe(true)
})

it('says what the records have come to, and what is handled before them', () => {
  const { progress, written, later } = terminal(true)
  progress.beginning(12)
  later(100)
  progress.sending({ ...state, fraction: 1, at: '2026-09-03' })
  expect(written().split('\r\x1b[K')).toEqual([
    '',
    '12 records from before still to be handled',
    '[############............] 500/1000  500/s  1 s left  2026-09-03',
  ])
})

it('writes a line every few seconds where there is no terminal', () => {
  const { progress, written, later } = terminal(false)
  progress.sending(state)
  expect(written()).toBe('')
  later(3_000)
  progress.sending({ ...state, sent: 1000, fraction: 1 })
  progress.waiting(7)
  progress.clear()
  expect(written()).toBe('[########################] 1000/1000  1000/s  0 s left\n')
})
