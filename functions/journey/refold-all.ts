import { chunked } from '../store/dynamodb.ts'
import type { RefoldProgress, RefoldProgressStore } from '../store/refold-progress.ts'
import { type Rules, rulesKey } from './fold-state.ts'
import { type KeepDeps, keepJourneys } from './keep.ts'

export type RefoldAllDeps = KeepDeps & { progress: RefoldProgressStore }

/** Their histories are in memory together. */
const personsAtOnce = 50

/**
 * Twice: in the first round of a deployment, functions of the one before may still be at work behind it. Who calls lets
 * more time pass between two calls than these have left.
 */
const rounds = 2

/**
 * Folds anew whoever was folded by other rules than those of today, beside the consumers of the streams, until it comes
 * to the end of a round or has no more time; the next call goes on from there.
 * @returns how many persons were to be folded
 */
export async function refoldAll(deps: RefoldAllDeps, hasTime: () => boolean): Promise<number> {
  const rules = rulesKey(deps.rules)
  let progress = begunWith(rules, await deps.progress.read())
  let count = 0
  while (progress.rounds > 0 && hasTime()) {
    const { personIds, cursor } = await deps.progress.foldedOtherwise(rules, progress.cursor)
    for (const some of chunked(personIds, personsAtOnce)) {
      if (!hasTime()) return count
      const news = some.map((nodeId) => ({ nodeId, touches: [] }))
      await keepJourneys(news, deps, true)
      count += some.length
    }
    const isEnd = cursor === null
    progress = {
      ...progress,
      version: progress.version + 1,
      rounds: isEnd ? progress.rounds - 1 : progress.rounds,
      cursor,
    }
    // If somebody else is at it, that one goes on alone.
    if (!(await deps.progress.write(progress)) || isEnd) return count
  }
  return count
}

/** Whoever begins to fold by some rules says so first: between two calls of `refoldAll` others may have come and gone. */
export async function announceRules(rules: Rules, store: RefoldProgressStore): Promise<void> {
  const before = await store.read()
  const progress = begunWith(rulesKey(rules), before)
  if (progress !== before) await store.write({ ...progress, version: progress.version + 1 })
}

function begunWith(rules: string, before: RefoldProgress | null): RefoldProgress {
  if (before?.rules === rules) return before
  return { version: before?.version ?? 0, rules, rounds, cursor: null }
}
