import type * as z from 'zod'
import type { Model } from '../journey/model.ts'
import type { LakeTable } from '../lake/table.ts'
import type { LakeView } from '../lake/view.ts'

/** A question to all customers: what it can be asked with, and how it comes to its answer. */
export interface Analysis {
  name: string
  /** One line, for who chooses among them. */
  description: string
  /** What it adds the rows of its answer to. */
  results: readonly LakeTable[]
  /** How the rows of the first result are shown unless asked otherwise; columns as in `order by`. */
  order: string
  /** What it needs on the way. */
  work: readonly LakeTable[]
  /** Beside `latest_<table>`, which every result has; their text is in the analysis' folder. */
  views: readonly AnalysisView[]
  /** Each parameter has a default, so that the schedule needs none. */
  parameters: z.ZodObject
  program(run: Run): Program
}

/** Its text is read where the stacks are made, not where functions run. */
export type AnalysisView = LakeView & { sql: () => string }

export type Parameters = Readonly<Record<string, unknown>>

export interface Run {
  /** Begins with the time at which it began, so that they sort by time. */
  runId: string
  /** What has happened from here on counts; ISO 8601, UTC. */
  from: string
  /** What has happened before this counts. */
  to: string
  /** As the schema of the analysis gives them. */
  parameters: Parameters
  /** By which journeys are folded. */
  model: Model
  /** Tells the people who wait, before what follows begins. */
  say(message: string): void
}

/**
 * The statements of a run, one after the other, each with its answer. It is begun anew after every statement and given
 * the answers that there are, so besides them nothing may come in: no clock, no chance.
 * @throws Refusal
 */
export type Program = AsyncGenerator<string, void, Answer>

export interface Answer {
  /** Of a select: each row by column, as text; null: no value. */
  rows(): Promise<Row[]>
}

export type Row = Readonly<Record<string, string | null>>

/** The analysis was asked for something that it does not do; the message says what it would do. */
export class Refusal extends Error {}
