import { createLambda, type Lambda } from './lambda.ts'
import type { Ports } from './ports.ts'
import { at } from './servers.ts'
import type { System } from './system.ts'
import { place } from './template.ts'

/** Starts the functions of the templates, by ARN. The endpoints are all that differs from AWS. */
export function startFunctions(system: System, options: { ports: Ports; logDirectory: string }) {
  const { ports, logDirectory } = options
  const variables = {
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: at(ports.dynamodb),
    AWS_ENDPOINT_URL_KINESIS: at(ports.kinesis),
    AWS_ENDPOINT_URL_S3: at(ports.s3),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: at(ports.secrets),
    AWS_ENDPOINT_URL_EVENTBRIDGE: at(ports.events),
    AWS_ENDPOINT_URL_ATHENA: at(ports.lake),
    AWS_ENDPOINT_URL_FIREHOSE: at(ports.lake),
  }
  return new Map<string, Lambda>(
    system.functions.map((lambda) => [lambda.arn, createLambda({ lambda, variables, logDirectory })]),
  )
}
