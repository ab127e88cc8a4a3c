import { z } from 'zod'
import { ReplayFailure } from '../replay/failure.ts'
import type { SentIdentifier } from './event.ts'
import type { Recommendation } from './worth-looking-at.ts'

const foundSchema = z.object({ personId: z.string() })

/** A recommendation and where the API shows it; null if nobody is known by its identifier. */
export type Found = Recommendation & { url: string | null }

export async function findAll(api: string, recommendations: readonly Recommendation[]): Promise<Found[]> {
  return Promise.all(
    recommendations.map(async (recommendation) => {
      const personId = await lookUp(api, recommendation.lookup)
      const { part } = recommendation
      const url = personId === null ? null : `${api}/v1/customers/${personId}/${part}`
      return { ...recommendation, url }
    }),
  )
}

async function lookUp(api: string, identifier: SentIdentifier): Promise<string | null> {
  const response = await fetch(`${api}/v1/customers/lookup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(identifier),
  }).catch((cause: unknown) => {
    throw new ReplayFailure('the API does not answer', { cause })
  })
  if (response.status === 404) return null
  if (!response.ok) throw new ReplayFailure(`the API answers a lookup with ${response.status}`)
  return foundSchema.parse(await response.json()).personId
}
