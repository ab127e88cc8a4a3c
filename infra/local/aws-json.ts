import { place } from './template.ts'

export type AwsCall = (operation: string, input: object) => Promise<unknown>

export interface AwsService {
  endpoint: string
  /** As in the header x-amz-target, such as `Kinesis_20131202`. */
  target: string
  jsonVersion: '1.0' | '1.1'
}

/**
 * Speaks AWS's JSON protocol to an emulator, in which stream records look as Lambda hands them to a
 * function. An error answer is thrown with its code as the name.
 */
export function createAwsCall({ endpoint, target, jsonVersion }: AwsService): AwsCall {
  return async (operation, input) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': `application/x-amz-json-${jsonVersion}`,
        'x-amz-target': `${target}.${operation}`,
        'x-amz-date': '20260101T000000Z',
        // The emulators want a signature but do not check it.
        authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${place.region}/local/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(input),
    })
    const text = await response.text()
    const answer: unknown = text ? JSON.parse(text) : {}
    if (response.ok) return answer
    throw awsError(operation, answer)
  }
}

function awsError(operation: string, answer: unknown) {
  const fields = new Map(Object.entries(typeof answer === 'object' && answer !== null ? answer : {}))
  const code = String(fields.get('__type') ?? 'UnknownError').replace(/^.*#/, '')
  const message = String(fields.get('message') ?? fields.get('Message') ?? 'no message')
  return Object.assign(new Error(`${operation}: ${code}: ${message}`), { name: code })
}

export function isAwsError(error: unknown, ...codes: string[]) {
  return error instanceof Error && codes.includes(error.name)
}
