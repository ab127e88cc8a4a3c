import { join } from 'node:path'
import { startTrino } from '../trino/server/start.ts'
import { benchQuestions } from './lake-questions.ts'
import { benchSize } from './lake-size.ts'

const directory = join(import.meta.dirname, '..', '..', '.trino')
const heapMiB = 5 * 1024

/** What the lake takes where its files are those of AWS: real Trino and Iceberg. Needs Maven and Java. */
export async function benchLakeTrino(): Promise<void> {
  console.log(`lake-trino: starts Trino with ${heapMiB} MiB; in all it takes 15 to 20 minutes`)
  const { url, stop } = await startTrino(directory, heapMiB)
  try {
    await benchSize(url)
    await benchQuestions(url)
  } finally {
    await stop()
  }
}
