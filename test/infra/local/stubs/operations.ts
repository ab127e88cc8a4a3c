import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'

/** Puts an object and lists the bucket. */
export async function handler() {
  const s3 = new S3Client({ forcePathStyle: true })
  const Bucket = process.env.QUARANTINE_BUCKET ?? ''
  await s3.send(new PutObjectCommand({ Bucket, Key: 'records/1', Body: 'bytes' }))
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
  return { statusCode: 200, body: JSON.stringify(Contents.map(({ Key }) => Key)) }
}
