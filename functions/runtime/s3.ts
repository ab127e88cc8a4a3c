import { S3Client } from '@aws-sdk/client-s3'
import { requestHandler } from './clients.ts'

/** Another endpoint than Amazon's has no host name for each bucket. */
export function createS3(): S3Client {
  const forcePathStyle = process.env.AWS_ENDPOINT_URL_S3 !== undefined
  return new S3Client({ requestHandler: requestHandler(), maxAttempts: 5, forcePathStyle })
}
