import type { Demand } from './load.ts'

export interface Line {
  what: string
  quantity: number
  unit: string
  /** Of one of the unit, in dollars. */
  price: number
}

export const dollarsOf = ({ quantity, price }: Line): number => quantity * price
export const totalOf = (lines: readonly Line[]): number =>
  lines.reduce((total, line) => total + dollarsOf(line), 0)

export const secondsOfMonth = 30 * 86_400
export const hoursOfMonth = 30 * 24
export const eventsOf = ({ eventsPerSecond }: Demand): number => eventsPerSecond * secondsOfMonth
