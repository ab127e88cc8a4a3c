import { join } from 'node:path'
import { csvLine } from '../local/lake/athena/csv.ts'
import { messageOf } from '../replay/failure.ts'
import { parseArguments } from './arguments.ts'
import { AthenaFailure } from './failure.ts'
import { figures } from './figures.ts'
import { type Cell, type QueryRun, runQuery } from './query.ts'
import { createTable } from './table.ts'
import { findTarget } from './target.ts'

const endpointsFile = join(import.meta.dirname, '..', '..', '.local', 'endpoints.json')
const abort = new AbortController()
process.once('SIGINT', () => abort.abort())
// Whoever reads has seen enough.
process.stdout.on('error', () => process.exit(0))

try {
  const given = parseArguments(process.argv.slice(2))
  const target = await findTarget(given, endpointsFile)
  const run = await runQuery(given.sql, target, { signal: abort.signal, onWait: showProgress })
  clearProgress()
  const rows = given.csv ? await printCsv(run) : await printTable(run)
  const said = figures(run, rows)
  if (given.csv) console.error(said)
  else console.log(said)
} catch (error) {
  clearProgress()
  console.error(messageOf(error))
  process.exitCode = error instanceof AthenaFailure ? error.exitCode : 1
}

async function printCsv({ columns, pages }: QueryRun): Promise<number> {
  let count = 0
  process.stdout.write(csvLine(columns.map(({ Name = '' }) => Name)))
  for await (const rows of pages()) {
    process.stdout.write(rows.map((row) => csvLine(cellsOf(row, columns.length))).join(''))
    count += rows.length
  }
  return count
}

async function printTable({ columns, changed, pages }: QueryRun): Promise<number> {
  let count = 0
  if (changed !== null) return changed
  let table: ReturnType<typeof createTable> | undefined
  for await (const page of pages()) {
    const rows = page.map((row) => cellsOf(row, columns.length))
    if (!table) {
      table = createTable(columns, rows)
      for (const line of table.head) console.log(line)
    }
    for (const line of table.lines(rows)) console.log(line)
    count += rows.length
  }
  return count
}

/** Of `describe` a row is one text with tabs. */
function cellsOf(row: Cell[], columns: number): Cell[] {
  const [only] = row
  return row.length === 1 && columns > 1 && typeof only === 'string'
    ? only.split('\t').map((cell) => cell.trim())
    : row
}

const shownAfterMs = 1_000

function showProgress(state: string, elapsedMs: number) {
  if (process.stderr.isTTY && elapsedMs > shownAfterMs)
    process.stderr.write(`\r\x1b[K${state} for ${Math.round(elapsedMs / 1000)} s (Ctrl-C stops it)`)
}

function clearProgress() {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
}
