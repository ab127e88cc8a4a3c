import { benchAssociations } from './associations.ts'
import { benchAttribution } from './attribution.ts'
import { benchBill } from './bill.ts'
import { benchCold } from './cold.ts'
import { benchCpu } from './cpu.ts'
import { benchFollow } from './follow.ts'
import { benchIdentity } from './identity.ts'
import { benchJourneys } from './journeys.ts'
import { benchLake } from './lake.ts'
import { benchLakeTrino } from './lake-trino.ts'
import { benchStore } from './store.ts'
import { benchSystem } from './system.ts'
import { benchTruth } from './truth.ts'

async function benchAnalysis() {
  await benchAssociations()
  await benchAttribution()
}

const benchmarks = new Map([
  ['store', benchStore],
  ['cpu', benchCpu],
  ['cold', benchCold],
  ['identity', benchIdentity],
  ['system', benchSystem],
  ['journeys', benchJourneys],
  ['follow', benchFollow],
  ['lake', benchLake],
  ['lake-trino', benchLakeTrino],
  ['truth', benchTruth],
  ['bill', benchBill],
  ['analysis', benchAnalysis],
])
/** It needs Maven and Java, and half an hour. */
const onlyIfAsked = 'lake-trino'
const asked = process.argv.slice(2)
const unknown = asked.find((name) => !benchmarks.has(name))
if (unknown === undefined) {
  for (const [name, run] of benchmarks)
    if (asked.length === 0 ? name !== onlyIfAsked : asked.includes(name)) await run()
} else {
  console.error(`there is no benchmark ${unknown}; there are ${[...benchmarks.keys()].join(', ')}`)
  process.exitCode = 1
}
