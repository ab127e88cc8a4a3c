import * as z from 'zod'

/**
 * An object that takes no other fields: an unknown one is a typo, answered with the name that was
 * probably meant. `expectation` completes "it must be …", as do the messages of all fields.
 */
export function strictFields<Shape extends z.core.$ZodLooseShape>(shape: Shape, expectation: string) {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? unknownField(issue.keys[0] ?? '', known) : expectation,
  })
}

export function unknownField(name: string, known: readonly string[]): string {
  // A name that is none may be a value in the wrong place, which is not repeated.
  if (!/^[A-Za-z_][\w.-]{0,59}$/.test(name)) return 'a name that is not repeated here is not a known field'
  const meant = nearest(name, known)
  return `${name} is not a known field${meant === undefined ? '' : `; did you mean ${meant}?`}`
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((candidate) => ({
    candidate,
    distance: editDistance(spelling(name), spelling(candidate)),
  }))
  const best = distances.sort((a, b) => a.distance - b.distance)[0]
  return best !== undefined && best.distance <= Math.ceil(name.length / 4) ? best.candidate : undefined
}

function spelling(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
