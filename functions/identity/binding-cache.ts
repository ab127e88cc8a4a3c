import type { StoredBinding } from '../store/bindings.ts'
import type { KeyedIdentifier } from './plan.ts'

/** Bindings that stay for good, kept for the life of a container: all but those of devices, which may become shared. */
export type BindingCache = {
  get: (identifier: KeyedIdentifier) => StoredBinding | undefined
  put: (identifier: KeyedIdentifier, binding: StoredBinding) => void
}

const maxBindings = 50_000

export function createBindingCache(): BindingCache {
  const bindings = new Map<string, StoredBinding>()
  return {
    get: ({ key }) => bindings.get(key),
    put: (identifier, binding) => {
      if (identifier.class === 'device') return
      if (bindings.size >= maxBindings) bindings.clear()
      bindings.set(identifier.key, binding)
    },
  }
}
