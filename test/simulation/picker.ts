import type { Random } from '../../infra/demo/random.ts'

const speeds = [1, 1, 0.1, 0.01]
const changeProbability = 0.02

/**
 * Picks who goes next. Equal chances alone would hardly ever hold one worker through the whole of another's work, so
 * each has a speed, and now and then the speeds change.
 */
export function createPicker(random: Random): (workers: string[]) => number {
  const speedOf = new Map<string, number>()
  return (workers) => {
    if (random.chance(changeProbability)) speedOf.clear()
    const weights = workers.map((worker) => {
      const speed = speedOf.get(worker) ?? speeds[random.below(speeds.length)] ?? 1
      speedOf.set(worker, speed)
      return speed
    })
    let rest = random.next() * weights.reduce((sum, weight) => sum + weight, 0)
    const picked = weights.findIndex((weight) => {
      rest -= weight
      return rest < 0
    })
    return Math.max(picked, 0)
  }
}
