import type { LakeView } from './view.ts'

/** All views of the lake. */
export const lakeViews: readonly LakeView[] = []
