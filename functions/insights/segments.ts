import type { InsightsStore, StoredRun } from '../store/insights.ts'

/** The segments of a person by the latest run; none: []. */
export type SegmentsReader = (personId: string) => Promise<string[]>

type SegmentsDeps = { store: Pick<InsightsStore, 'runOf' | 'segmentOf'>; now: () => Date }

/** Runs come once a night. */
const rememberedMs = 60_000

/** One read, but for the first one in a minute: which run is the latest one is remembered that long. */
export function createSegmentsReader({ store, now }: SegmentsDeps): SegmentsReader {
  let known: { run: StoredRun | null; until: number } | null = null
  const latestRun = async () => {
    const at = now().getTime()
    if (!known || known.until <= at) known = { run: await store.runOf('segments'), until: at + rememberedMs }
    return known.run
  }
  return async (personId) => {
    const run = await latestRun()
    const segment = run && (await store.segmentOf(run, personId))
    return segment === null ? [] : [segment]
  }
}
