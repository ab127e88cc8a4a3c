/** Answers of a store that would be the same however often it is asked: the request is wrong, so it is our bug. */
const requestErrors = new Set([
  'ValidationException',
  'SerializationException',
  'EntityTooLarge',
  'InvalidArgumentException',
  'InvalidRequest',
])

/**
 * Whether an error comes from a store or the way to it, so that the same later may succeed. Everything else is a bug
 * of ours, or data that we do not understand, and will not go away.
 */
export function isStoreError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name === 'StoreBusyError' || error.name === 'TimeoutError' || error.name === 'AbortError')
    return true
  if ('$metadata' in error || '$fault' in error) return !requestErrors.has(error.name)
  return 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)
}
