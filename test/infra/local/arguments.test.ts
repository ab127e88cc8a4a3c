import { expect, test } from 'vitest'
import { parseArguments } from '../../../infra/local/arguments.ts'

test.each([
  [[], { kind: 'start', fresh: false, port: undefined, auth: false }],
  [['--fresh', '--port', '0'], { kind: 'start', fresh: true, port: 0, auth: false }],
  [['--port=4000'], { kind: 'start', fresh: false, port: 4000, auth: false, demo: undefined }],
  [['--auth'], { kind: 'start', fresh: false, port: undefined, auth: true }],
  [['--demo'], { kind: 'start', fresh: false, auth: false, demo: { perSecond: 100 } }],
  [['--demo', '--rate', '1'], { kind: 'start', fresh: false, auth: false, demo: { perSecond: 1 } }],
  [
    ['--rate=10000', '--fresh', '--demo'],
    { kind: 'start', fresh: true, auth: false, demo: { perSecond: 10_000 } },
  ],
  [['--demo', '--rate', '2.5'], { kind: 'start', fresh: false, auth: false, demo: { perSecond: 2.5 } }],
])('%j', (given, expected) => {
  expect(parseArguments(given)).toEqual(expected)
})

test.each([
  [['--frsh'], '--frsh'],
  [['--port'], '--port'],
  [['--port', 'many'], 'not many'],
  [['--port', '70000'], 'not 70000'],
  [['now'], 'now'],
  [['--demo', '--rate', '0'], '--rate wants a number from 1 to 10000, not 0'],
  [['--demo', '--rate', '10001'], 'not 10001'],
  [['--demo', '--rate', 'fast'], 'not fast'],
  [['--demo', '--rate', '1e3'], 'not 1e3'],
  [['--demo', '--rate'], '--rate'],
  [['--rate', '100'], '--rate is how fast --demo streams; give both'],
  [['--demo=yes'], '--demo'],
  [['--demo', '--auth'], 'leave out --auth'],
])('%j is answered by one line', (given, named) => {
  const parsed = parseArguments(given)
  expect(parsed).toMatchObject({ kind: 'wrong', message: expect.stringContaining(named) })
  expect(JSON.stringify(parsed)).not.toContain('\\n')
})
