import { setTimeout as delay } from 'node:timers/promises'

/** Waits for what has to become true, for at most a minute. */
export async function until(what: string, isTrue: () => Promise<boolean>, patienceMs = 60_000) {
  for (const giveUpAt = Date.now() + patienceMs; !(await isTrue()); await delay(100))
    if (Date.now() > giveUpAt) throw new Error(`not within ${patienceMs / 1000} s: ${what}`)
}
