import type { Answer, Run } from '../analysis.ts'
import { type Literal, statement } from '../statement.ts'
import type { Asked } from './parameters.ts'

/** A part of the program, and what it comes to. */
export type Steps<Result> = AsyncGenerator<string, Result, Answer>

export interface Question {
  run: Run
  asked: Asked
  /** Lower in tests only. */
  limits: Limits
}

export interface Limits {
  /** Pairs of sets that one level may look at. */
  candidates: number
  /** Rules of a run, of which each may want a probability of its own. */
  rules: number
}

/** A statement of this folder about this run. */
export const text = (
  { run }: Question,
  name: string,
  literals: Readonly<Record<string, Literal>> = {},
): string => statement('associations', name, { run_id: run.runId, ...literals })
