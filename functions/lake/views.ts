import { journeyViews } from './journey-views.ts'
import { orderViews } from './order-views.ts'
import type { LakeView } from './view.ts'

/** All views of the lake. */
export const lakeViews: readonly LakeView[] = [...journeyViews, ...orderViews]
