import { dayMs } from './calendar.ts'
import type { Customer } from './customer.ts'
import { createWish } from './goods.ts'
import { receiveNewsletters } from './mailing.ts'
import { passMilestones } from './milestones.ts'
import { play } from './scenes.ts'
import type { Stage } from './stage.ts'

/** `habit.journeys` is for so many days. */
const quarterMs = 90 * dayMs

export function liveThrough(stage: Stage, customer: Customer): void {
  const { random, span } = stage
  const [least, most] = customer.habit.journeys
  const lengthMs = span.endMs - span.startMs
  const journeys = Math.round((random.between(least, most) * lengthMs) / quarterMs)
  for (let left = journeys; left > 0; left--) {
    const fromMs = span.startMs + random.below(lengthMs)
    play(random.weighted(customer.habit.scenes), stage, customer, fromMs, createWish(random))
  }
  passMilestones(stage, customer)
  receiveNewsletters(stage, customer)
}
