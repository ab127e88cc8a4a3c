import type { Item, Pause } from '../../functions/store/dynamodb.ts'
import type { RefoldProgressStore } from '../../functions/store/refold-progress.ts'

/** What a Scan answers, two checkpoints a page, as of a moment ago: the simulated store has none. */
export function scanOf(items: () => Item[], pause: Pause): RefoldProgressStore['foldedOtherwise'] {
  return async (rules, cursor) => {
    const checkpoints = items().filter(({ sk }) => sk?.S === 'C')
    const from = checkpoints.findIndex(({ pk }) => pk?.S === cursor?.pk) + 1
    const page = checkpoints.slice(from, from + 2)
    await pause(0)
    const last = from + 2 < checkpoints.length ? page.at(-1) : undefined
    const others = page.filter(({ m, h, d }) => m?.S !== rules && h?.N !== '0' && d?.S !== '')
    return {
      personIds: others.map(({ pk }) => pk?.S?.slice('P#'.length) ?? ''),
      cursor: last ? { pk: last.pk?.S ?? '', sk: 'C' } : null,
    }
  }
}
