import { createSimulatedDynamoDB, type LogEntry } from '../simulation/dynamodb.ts'
import { createFunctionsOn, tables } from './functions-on-store.ts'
import { recorded } from './recording.ts'
import { bytesOf, createRetailMix } from './retail-mix.ts'

const warmUpBatches = 150

/** A stretch of a run: the requests that it made and how many events it took in. */
export type Stretch = { log: readonly LogEntry[]; events: number }

/** A run of the two functions at the retail mix, until most persons have a history. */
export async function startRecordedRun() {
  const store = recorded(createSimulatedDynamoDB({ tables }))
  const functions = createFunctionsOn(store)
  const mix = createRetailMix(7)
  const next = () => mix.next().events.map(bytesOf)
  const takeIn = async (events: readonly Buffer[]) => {
    await functions.process(events)
    await functions.journey(functions.news())
  }
  for (let at = 0; at < warmUpBatches; at++) await takeIn(next())

  return {
    store,
    next,
    functions,
    warmUp: store.exchanges.length,
    /** @param isCold whether identifiers of earlier batches are forgotten before each */
    take: async (batches: number, batchSize: number, isCold: boolean): Promise<Stretch> => {
      const before = store.log.length
      for (let at = 0; at < batches; at++) {
        const events = next()
        for (let from = 0; from < events.length; from += batchSize) {
          if (isCold) functions.forget()
          await takeIn(events.slice(from, from + batchSize))
        }
      }
      return { log: store.log.slice(before), events: batches * 100 }
    },
  }
}

export type RecordedRun = Awaited<ReturnType<typeof startRecordedRun>>
