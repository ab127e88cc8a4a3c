import { DynamoDBClient } from '@aws-sdk/client-dynamodb'

export const dynamodb = new DynamoDBClient({})

export const table = (name: 'IDENTITY_TABLE' | 'TOUCHPOINTS_TABLE' | 'JOURNEYS_TABLE') =>
  process.env[name] ?? ''
