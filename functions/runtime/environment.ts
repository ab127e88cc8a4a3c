import type { Settings } from './settings.ts'

/**
 * What the stack tells its functions, which has checked it when it was synthesized. Each is asked for by those that need
 * it, when they start.
 */
export const environment = {
  identityTable: () => required('IDENTITY_TABLE'),
  touchpointsTable: () => required('TOUCHPOINTS_TABLE'),
  journeysTable: () => required('JOURNEYS_TABLE'),
  insightsTable: () => required('INSIGHTS_TABLE'),
  quarantineBucket: () => required('QUARANTINE_BUCKET'),
  streamName: () => required('STREAM_NAME'),
  lakeStream: () => required('LAKE_STREAM'),
  lake: () => ({ database: required('LAKE_DATABASE'), workGroup: required('LAKE_WORK_GROUP') }),
  eventBus: () => required('EVENT_BUS'),
  hmacSecretArn: () => required('HMAC_SECRET_ARN'),
  issuer: () => ({
    url: required('ISSUER'),
    audiences: JSON.parse(required('AUDIENCES')) as string[],
    // As the SDK's clients find another place of a service.
    endpoint: process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER ?? process.env.AWS_ENDPOINT_URL,
  }),
  settings: (): Settings => JSON.parse(required('SETTINGS')) as Settings,
}

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is missing`)
  return value
}
