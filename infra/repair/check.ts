import { putRows } from '../../functions/lake/put-rows.ts'
import type { Row } from '../../functions/lake/row.ts'
import { compareJourneys } from './journeys.ts'
import { compareNodes } from './nodes.ts'
import type { Places } from './places.ts'
import { type Report, tableText } from './report.ts'
import { compareTouchpoints } from './touchpoints.ts'

/** One line of the report: a count or a sum, in the tables and in the lake, and how many rows are not right there. */
interface Line {
  what: string
  stored: string
  inLake: string
  wrong: number
}

export interface Comparison {
  lines: Line[]
  /** Rows that put right what is wrong, some at a time. */
  repairs(): AsyncIterable<Row[]>
}

export interface Telling {
  say(line: string): void
}

/**
 * Compares counts and sums of the lake with those of the tables, while events keep coming: what is still on its way to
 * the lake counts as missing. To send a row that is there already changes nothing: views take each once.
 */
export async function checkLake(
  places: Places,
  { repairs, say }: Telling & { repairs: boolean },
): Promise<Report> {
  const comparisons: Comparison[] = []
  for (const compare of [compareTouchpoints, compareNodes, compareJourneys])
    comparisons.push(await compare(places, { say }))
  const lines = comparisons.flatMap((comparison) => comparison.lines)
  const table = tableText(
    ['', 'tables', 'lake', 'missing or other'],
    lines.map(({ what, stored, inLake, wrong }) => [what, stored, inLake, String(wrong)]),
  )
  const wrong = lines.reduce((sum, line) => sum + line.wrong, 0)
  if (wrong === 0) return { text: `${table}The lake has what the tables have.\n`, isWell: true }
  if (!repairs) {
    const advice =
      'Rows take some minutes to the lake; what is still missing then, `npm run lake -- repair` sends.'
    return { text: `${table}${advice}\n`, isWell: false }
  }
  let sent = 0
  for (const comparison of comparisons) {
    for await (const rows of comparison.repairs()) {
      await putRows(rows, { ...places, pause: places.identity.pause, random: Math.random })
      sent += rows.length
      say(`${sent} rows sent`)
    }
  }
  return { text: `${table}${sent} rows sent; they are in the lake after some minutes.\n`, isWell: true }
}
