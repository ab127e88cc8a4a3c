import { expect, test } from 'vitest'
import { parseArguments } from '../../../infra/local/arguments.ts'

test.each([
  [[], { kind: 'start', fresh: false, port: undefined }],
  [['--fresh', '--port', '0'], { kind: 'start', fresh: true, port: 0 }],
  [['--port=4000'], { kind: 'start', fresh: false, port: 4000 }],
])('%j', (given, expected) => {
  expect(parseArguments(given)).toEqual(expected)
})

test.each([
  [['--frsh'], '--frsh'],
  [['--port'], '--port'],
  [['--port', 'many'], 'not many'],
  [['--port', '70000'], 'not 70000'],
  [['now'], 'now'],
])('%j is answered by one line', (given, named) => {
  const parsed = parseArguments(given)
  expect(parsed).toMatchObject({ kind: 'wrong', message: expect.stringContaining(named) })
  expect(JSON.stringify(parsed)).not.toContain('\\n')
})
