import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3'
import { createS3 } from '../runtime/s3.ts'

export type QuarantineBucket = ReturnType<typeof createQuarantineBucket>

/** The bytes of quarantined records. To be imported when the first is at hand: the client is a large one. */
export function createQuarantineBucket(name: string) {
  const s3 = createS3()
  const place = (id: string) => ({ Bucket: name, Key: `records/${id}` })
  return {
    put: async (id: string, bytes: Uint8Array): Promise<void> => {
      const ContentType = 'application/octet-stream'
      await s3.send(new PutObjectCommand({ ...place(id), Body: bytes, ContentType }))
    },
    /** As they came; null if there is none of this id (any more). */
    get: async (id: string): Promise<Uint8Array | null> => {
      try {
        const object = await s3.send(new GetObjectCommand(place(id)))
        return (await object.Body?.transformToByteArray()) ?? null
      } catch (error) {
        if (error instanceof NoSuchKey) return null
        throw error
      }
    },
  }
}
