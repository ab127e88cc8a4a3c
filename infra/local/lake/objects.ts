import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { place } from '../template.ts'

export interface ObjectPlace {
  bucket: string
  key: string
}

/** A file that is written piece by piece, and is there only when it is complete. */
export interface Upload {
  write(text: string): Promise<void>
  complete(): Promise<void>
  abort(): Promise<void>
}

export type Objects = ReturnType<typeof createObjects>

/** More than a part of an upload must have, less than the S3 of this machine takes at once. */
const partBytes = 8 * 1024 * 1024

/** The S3 of this machine. */
export function createObjects(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new S3Client({ endpoint, region: place.region, credentials, forcePathStyle: true })
  return {
    async put({ bucket, key }: ObjectPlace, body: string | Uint8Array): Promise<void> {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
    },
    /** @param end the first byte that is not wanted; less comes if there is less */
    async read({ bucket, key }: ObjectPlace, start: number, end: number): Promise<Buffer> {
      const range = { Bucket: bucket, Key: key, Range: `bytes=${start}-${end - 1}` }
      try {
        const { Body } = await client.send(new GetObjectCommand(range))
        return Buffer.from((await Body?.transformToByteArray()) ?? [])
      } catch (error) {
        if (error instanceof Error && error.name === 'InvalidRange') return Buffer.alloc(0)
        throw error
      }
    },
    upload: (at: ObjectPlace): Upload => createUpload(client, at),
  }
}

function createUpload(client: S3Client, { bucket, key }: ObjectPlace): Upload {
  const target = { Bucket: bucket, Key: key }
  const parts: { PartNumber: number; ETag: string | undefined }[] = []
  let uploadId: string | undefined
  let pending = Buffer.alloc(0)

  async function put(bytes: Buffer) {
    uploadId ??= (await client.send(new CreateMultipartUploadCommand(target))).UploadId
    const PartNumber = parts.length + 1
    const part = { ...target, UploadId: uploadId, PartNumber, Body: bytes }
    const { ETag } = await client.send(new UploadPartCommand(part))
    parts.push({ PartNumber, ETag })
  }

  return {
    async write(text) {
      pending = Buffer.concat([pending, Buffer.from(text)])
      for (; pending.length >= partBytes; pending = pending.subarray(partBytes))
        await put(pending.subarray(0, partBytes))
    },
    async complete() {
      if (uploadId === undefined) {
        await client.send(new PutObjectCommand({ ...target, Body: pending }))
        return
      }
      if (pending.length > 0) await put(pending)
      const MultipartUpload = { Parts: parts }
      await client.send(
        new CompleteMultipartUploadCommand({ ...target, UploadId: uploadId, MultipartUpload }),
      )
    },
    async abort() {
      if (uploadId !== undefined)
        await client.send(new AbortMultipartUploadCommand({ ...target, UploadId: uploadId }))
    },
  }
}
