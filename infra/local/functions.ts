import { createLambda, type Lambda } from './lambda.ts'
import type { Ports } from './ports.ts'
import { at } from './servers.ts'
import type { FunctionResource, System } from './system.ts'
import { place } from './template.ts'

interface FunctionsOptions {
  ports: Ports
  logDirectory: string
  /** Whose tokens they take. */
  issuer: string
}

/**
 * Starts the functions of the templates, by ARN. The endpoints are all that differs from AWS, and the issuer
 * where the one of the configuration is not asked.
 */
export function startFunctions(system: System, options: FunctionsOptions) {
  const { ports, logDirectory, issuer } = options
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
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: at(ports.issuer),
  }
  return new Map<string, Lambda>(
    system.functions.map((found) => {
      const lambda = trusting(issuer, found)
      return [lambda.arn, createLambda({ lambda, variables, logDirectory })]
    }),
  )
}

function trusting(issuer: string, lambda: FunctionResource): FunctionResource {
  const { Variables } = lambda.properties.Environment
  if (Variables.ISSUER === undefined) return lambda
  return {
    ...lambda,
    properties: { ...lambda.properties, Environment: { Variables: { ...Variables, ISSUER: issuer } } },
  }
}
