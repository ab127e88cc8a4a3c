import type { DynamoDBRecord } from 'aws-lambda'
import { keepJourneys } from './journey/keep.ts'
import { readNews } from './journey/news.ts'
import { batchHandler } from './runtime/batch.ts'
import { listed } from './runtime/correlation.ts'
import { foldingDependencies } from './runtime/folding.ts'
import { once } from './runtime/once.ts'
import { eventsOfRecords } from './store/event-of-record.ts'

const dependencies = once(foldingDependencies)

/** The streams of identity and touchpoints → journeys. A store that fails throws: the batch comes again. */
export const handler = batchHandler(async (records: DynamoDBRecord[], tell) => {
  tell({ correlationIds: listed(eventsOfRecords(records)) })
  await keepJourneys(readNews(records), await dependencies())
  return null
})
