import { Stack } from 'aws-cdk-lib'
import type { Site } from './function.ts'
import { lakeStreamName } from './lake-delivery.ts'

/** What functions find in their environment; each is given only those that it names. */
export function placesIn({ scope, data, config }: Site) {
  return {
    IDENTITY_TABLE: data.identity.tableName,
    TOUCHPOINTS_TABLE: data.touchpoints.tableName,
    JOURNEYS_TABLE: data.journeys.tableName,
    INSIGHTS_TABLE: data.insights.tableName,
    QUARANTINE_BUCKET: data.quarantine.bucketName,
    STREAM_NAME: data.stream.streamName,
    EVENT_BUS: data.eventBus.eventBusName,
    LAKE_STREAM: lakeStreamName(config),
    LAKE_DATABASE: data.lake.database,
    LAKE_WORK_GROUP: config.prefix,
    HMAC_SECRET_ARN: data.hmacSecret.secretArn,
    ISSUER: data.access.url,
    AUDIENCES: Stack.of(scope).toJsonString(data.access.audiences),
    SETTINGS: JSON.stringify(config.settings),
  }
}

export type Place = keyof ReturnType<typeof placesIn>
