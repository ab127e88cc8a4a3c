import { type Case, cases, casesOfNewKey } from './identity-cases.ts'
import { type Cost, costOf } from './identity-cost.ts'
import { type Column, printTable } from './report.ts'
import { dollarsPerMillion, usageOf, usageOfTable } from './usage.ts'

const header = [
  '',
  'requests: of 1',
  'of 100',
  'identity: read',
  'write',
  'touchpoints: read',
  'write',
  '$ per million',
  'adds',
]

/** What each kind of event costs the function process. */
export async function printEventCosts(): Promise<void> {
  printTable('identity: what an event costs the function process', header, await rowsOf(cases))
  printTable('identity: the same with two versions of the key', header, await rowsOf(casesOfNewKey))
  console.log(
    [
      '  Per event, the mean of 100 of different persons, whose container remembers nothing unless said otherwise:',
      '  requests in batches of 1 and of 100; units, the same in both; $ on demand, us-east-1, for a million events;',
      '  items added to the table identity: I identifier, N node, M merge, R refusal, H household.',
      '',
    ].join('\n'),
  )
}

async function rowsOf(some: readonly Case[]): Promise<Column[][]> {
  const rows: Column[][] = []
  for (const one of some) rows.push([one.name, ...figuresOf(await costOf(one, 1), await costOf(one, 100))])
  return rows
}

function figuresOf(single: Cost, together: Cost): Column[] {
  const units = unitsOf(together)
  if (unitsOf(single).join() !== units.join()) throw new Error('units depend on the size of the batch')
  const usage = usageOf(together.log, together.events)
  const items = [...together.added].filter(([, count]) => count > 0)
  return [
    round(single.log.length / single.events),
    together.events === 1 ? '' : round(usage.requests),
    ...units,
    round(dollarsPerMillion(usage)),
    items.map(([kind, count]) => `${count} ${kind}`).join(' '),
  ]
}

function unitsOf({ log, events }: Cost): number[] {
  const tables = ['identity', 'touchpoints'].map((table) => usageOfTable(table, log, events))
  return tables.flatMap(({ read, write }) => [round(read), round(write)])
}

/** Without what adding up parts leaves behind. */
const round = (figure: number): number => Math.round(figure * 1_000) / 1_000
