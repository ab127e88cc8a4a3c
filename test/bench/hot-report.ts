import { createRandom } from '../../infra/demo/random.ts'
import { hasDynoxide } from '../simulation/dynoxide.ts'
import { bindings, type CreateTrial, mergesInto, mergesOfAll } from './hot-persons.ts'
import { type HotRun, runOnDynoxide, runOnSchedule } from './hot-run.ts'
import { type Column, percentile, printTable } from './report.ts'

type Run = typeof runOnSchedule
type Kind = { name: string; createTrial: CreateTrial; personCounts: readonly number[] }

const kinds: readonly Kind[] = [
  { name: 'bind new identifiers to them', createTrial: bindings, personCounts: [1, 4, 40] },
  { name: 'merge others into them', createTrial: mergesInto, personCounts: [1, 4, 40] },
  { name: 'merge them all', createTrial: mergesOfAll, personCounts: [4, 40] },
]
const workerCounts = [1, 4, 16]
const seedsOfSchedules = [1, 2, 3]
const title = 'identity: conflicts on hot persons'
const tries = ['events', 'sent per done', 'retries p50', 'p95', 'max', 'failed', 'quarantined']
const header = ['', 'persons', 'workers', ...tries, 'in the end']

/** What it costs when several workers want the same persons, and whether all is right in the end. */
export async function printConflicts(): Promise<void> {
  printTable(`${title}, on the simulated store`, header, await rowsOn(runOnSchedule, seedsOfSchedules))
  if (hasDynoxide) {
    // What comes first is slower, for nothing is compiled yet.
    await rowOf(runOnDynoxide, bindings, { persons: 4, workers: 4 }, [1])
    printTable(`${title}, on Dynoxide`, [...header, 'ms per event'], await rowsOn(runOnDynoxide, [1]))
  }
  console.log(
    [
      '  Sent per done: transactions; retries: those of an event that were refused, over all events; failed: given up',
      '  after 40, to come again; quarantined: for a bug; ms: wall time of all workers together, in one process.',
      '',
    ].join('\n'),
  )
}

async function rowsOn(run: Run, seeds: readonly number[]): Promise<Column[][]> {
  const rows: Column[][] = []
  for (const { name, createTrial, personCounts } of kinds) {
    for (const persons of personCounts) {
      for (const workers of workerCounts) {
        const figures = await rowOf(run, createTrial, { persons, workers }, seeds)
        rows.push([name, persons, workers, ...figures])
      }
    }
  }
  return rows
}

async function rowOf(
  run: Run,
  createTrial: CreateTrial,
  size: { persons: number; workers: number },
  seeds: readonly number[],
): Promise<Column[]> {
  const runs: HotRun[] = []
  for (const seed of seeds) runs.push(await run(createTrial({ ...size, random: createRandom(seed) }), seed))
  const attempts = runs.flatMap((one) => one.attempts)
  const done = sum(attempts.map((one) => one.done))
  const retries = attempts.map(({ refused }) => refused)
  const faults = runs.flatMap((one) => one.faults)
  const ms = sum(runs.map((one) => one.ms)) / attempts.length
  return [
    attempts.length,
    (done + sum(retries)) / done,
    ...[0.5, 0.95, 1].map((share) => percentile(retries, share)),
    sum(runs.map(({ failed }) => failed)),
    sum(runs.map(({ quarantined }) => quarantined)),
    faults.length === 0 ? 'right' : faults.join('; '),
    ...(Number.isNaN(ms) ? [] : [ms]),
  ]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
