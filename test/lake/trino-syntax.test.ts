import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { analyses } from '../../functions/analytics/analyses.ts'
import { runsOf } from '../../functions/analytics/request.ts'
import { nextStatement } from '../../functions/analytics/run.ts'
import { analysisViews } from '../../functions/analytics/views.ts'
import { retail } from '../../functions/journey/model.ts'
import { viewText } from '../../functions/lake/view-text.ts'

type Parser = typeof import('dt-sql-parser/dist/parser/trino/index.js')

const functions = join(import.meta.dirname, '..', '..', 'functions')
const directory = mkdtempSync(join(tmpdir(), 'omnijourney-syntax-'))
let problems: (sql: string) => string[]

beforeAll(async () => {
  const parser = new (await parserOfTrino()).TrinoSQL()
  problems = (sql) => parser.validate(sql).map(({ startLine, message }) => `line ${startLine}: ${message}`)
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Node.js cannot load the package: its modules name each other without the ends of their files. */
async function parserOfTrino(): Promise<Parser> {
  const outfile = join(directory, 'parser.mjs')
  const entry = import.meta.resolve('dt-sql-parser').replace(/index\.js$/, 'parser/trino/index.js')
  await build({
    entryPoints: [new URL(entry).pathname],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
  return import(outfile)
}

const files = readdirSync(functions, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.sql'),
)

it.each(files)('%s is SQL of Trino', (file) => {
  const [, view] = /^lake\/views\/(.*)\.sql$/.exec(file) ?? []
  const rules = { model: retail, currency: 'EUR' }
  const sql = view === undefined ? readFileSync(join(functions, file), 'utf8') : viewText(view, rules)
  // A literal stands wherever a run puts one.
  expect(problems(sql.replaceAll(/\{\{\w+\}\}/g, '1'))).toEqual([])
})

it.each(analysisViews)('the view $name is SQL of Trino', ({ sql }) => {
  expect(problems(sql())).toEqual([])
})

it.each(analyses)('what records the end of $name is SQL of Trino', async (analysis) => {
  const [run] = runsOf({ analyses: [analysis.name] }, { name: 'a', startedAt: '2026-11-23T00:00:00.000Z' })
  if (!run) throw new Error('there is a run')
  const ended = { ...run, ending: { status: 'failed', reason: "it's" } } as const
  const answerTo = () => ({ rows: async () => [] })
  const next = await nextStatement(analysis, ended, { answerTo, model: retail, now: new Date() })
  expect(problems(next?.sql ?? '')).toEqual([])
})

it.each([
  'select from touchpoint',
  'select a, from touchpoint',
  'select a from touchpoint where',
  'select (a from touchpoint',
  'select a from touchpoint qualify row_number() over () = 1',
  'select a::varchar from touchpoint',
])('is not taken for it: %s', (sql) => {
  expect(problems(sql)).not.toEqual([])
})
