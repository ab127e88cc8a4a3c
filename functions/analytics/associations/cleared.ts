import { literalText } from '../statement.ts'
import type { Question, Steps } from './steps.ts'
import { work } from './tables.ts'

/** Takes away what was needed on the way. */
export async function* cleared({ run }: Question): Steps<void> {
  for (const { name } of work) yield `delete from ${name} where run_id = ${literalText(run.runId)}`
}
