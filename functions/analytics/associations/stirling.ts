/** Below, factorials are numbers that doubles hold exactly, or nearly so. */
const smallest = 16

const halfLogOfTau = 0.5 * Math.log(2 * Math.PI)

const small = Array.from(
  { length: smallest },
  (_, n) => logOfFactorial(n) - (n > 0 ? n * Math.log(n) - n : 0),
)

/**
 * What ln n! has beyond n ln n − n: ½ ln 2πn and the rest of Stirling's series (NIST Digital Library of Mathematical
 * Functions, 5.11.1).
 */
export function logRoot(n: number): number {
  const exact = small[n]
  if (exact !== undefined) return exact
  const square = 1 / (n * n)
  const series =
    1 / 12 -
    square *
      (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360360)))))
  return halfLogOfTau + 0.5 * Math.log(n) + series / n
}

function logOfFactorial(n: number): number {
  let factorial = 1
  for (let factor = 2; factor <= n; factor++) factorial *= factor
  return Math.log(factorial)
}

/** Here the logarithm itself loses no digits, there its series ends soon. */
const seriesBelow = 0.3

/** (1 + t) ln(1 + t) − t, also close to 0, where it is about t² / 2; of −1 it is 1. */
export function deviance(t: number): number {
  if (t <= -1) return 1
  const v = t / (2 + t)
  if (Math.abs(v) > seriesBelow) return (1 + t) * Math.log1p(t) - t
  // ln(1 + t) = 2 (v + v³/3 + v⁵/5 + …)
  let [power, sum] = [v, 0]
  for (let odd = 3; ; odd += 2) {
    power *= v * v
    const more = sum + power / odd
    if (more === sum) return t * v + 2 * (1 + t) * sum
    sum = more
  }
}
