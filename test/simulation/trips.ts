import { type Admission, finish } from './dynamodb.ts'
import { calm } from './request.ts'

/**
 * A store that answers all requests of a moment together, as if each took the same time: so many trips are as many
 * requests as had to wait for the one before.
 */
export function createTrips(): { admission: Admission; count: () => number } {
  let waiting: (() => void)[] = []
  let trips = 0
  const answerAll = () => {
    const all = waiting
    waiting = []
    trips++
    for (const answer of all) answer()
  }
  const admission: Admission = {
    admit: async (_, answer) => {
      await new Promise<void>((resolve) => {
        if (waiting.length === 0) setImmediate(answerAll)
        waiting.push(resolve)
      })
      return finish(answer(calm))
    },
  }
  return { admission, count: () => trips }
}
