import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { allowQueries } from './athena-access.ts'
import { createFunction, grantSecret, type Site } from './function.ts'
import { allow, allowIndex, allowPut, allowTable, transactions } from './grants.ts'
import type { ApiFunction } from './routes.ts'

/** API Gateway waits no longer than 30 seconds. */
const apiTimeout = Duration.seconds(29)

/** The functions behind the API. */
export const createApiFunctions = (site: Site): Record<ApiFunction, IFunction> => ({
  collect: collect(site),
  customers: customers(site),
  operations: operations(site),
  quarantine: quarantine(site),
  campaigns: campaigns(site),
  insights: insights(site),
})

function collect(site: Site) {
  const { stream, touchpoints, quarantine } = site.data
  const handler = createFunction(site, 'collect', {
    description: 'Takes events over HTTP',
    timeout: apiTimeout,
    traced: true,
    places: ['TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET', 'STREAM_NAME', 'ISSUER', 'AUDIENCES', 'SETTINGS'],
  })
  allow(handler, ['kinesis:PutRecords'], [stream.streamArn])
  allowTable(site.data, { table: touchpoints, grantee: handler }, 'PartiQLInsert')
  allowPut(site.data, { bucket: quarantine, grantee: handler }, 'records/')
  return handler
}

function customers(site: Site) {
  const { identity, touchpoints, journeys, insights } = site.data
  const handler = createFunction(site, 'customers', {
    description: 'Answers about one customer',
    timeout: apiTimeout,
    traced: true,
    places: [
      'IDENTITY_TABLE',
      'TOUCHPOINTS_TABLE',
      'JOURNEYS_TABLE',
      'INSIGHTS_TABLE',
      'HMAC_SECRET_ARN',
      'SETTINGS',
    ],
  })
  for (const table of [identity, touchpoints, journeys, insights])
    allowTable(site.data, { table, grantee: handler }, 'BatchGetItem', 'Query')
  allowIndex(handler, identity, 'byNode')
  for (const table of [touchpoints, journeys]) allowIndex(handler, table, 'byOrder')
  grantSecret(site, handler)
  return handler
}

function operations(site: Site) {
  const { identity } = site.data
  const handler = createFunction(site, 'operations', {
    description: 'Merges persons, undoes merges and marks shared devices by hand',
    timeout: apiTimeout,
    traced: true,
    places: ['IDENTITY_TABLE', 'HMAC_SECRET_ARN', 'SETTINGS'],
  })
  allowTable(
    site.data,
    { table: identity, grantee: handler },
    'BatchGetItem',
    'PartiQLUpdate',
    ...transactions,
  )
  grantSecret(site, handler)
  return handler
}

function quarantine(site: Site) {
  const { touchpoints, quarantine } = site.data
  const handler = createFunction(site, 'quarantine', {
    description: 'Shows what was rejected and why',
    timeout: apiTimeout,
    traced: true,
    places: ['TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET'],
  })
  allowTable(site.data, { table: touchpoints, grantee: handler }, 'BatchGetItem', 'Query')
  // To tell an object that is not there from one that it may not have, S3 asks for the right to list.
  allow(handler, ['s3:ListBucket'], [quarantine.bucketArn])
  allow(handler, ['s3:GetObject'], [quarantine.arnForObjects('records/*')])
  return handler
}

function campaigns(site: Site) {
  const { insights } = site.data
  const handler = createFunction(site, 'campaigns', {
    description: 'Keeps what campaigns are planned and cost',
    timeout: apiTimeout,
    traced: true,
    places: ['INSIGHTS_TABLE'],
  })
  allowTable(site.data, { table: insights, grantee: handler }, 'BatchGetItem', 'Query', 'UpdateItem')
  return handler
}

function insights(site: Site) {
  const { config, data } = site
  const handler = createFunction(site, 'insights', {
    description: 'Shows what analyses found',
    timeout: apiTimeout,
    traced: true,
    places: ['INSIGHTS_TABLE', 'LAKE_DATABASE', 'LAKE_WORK_GROUP'],
  })
  allowTable(data, { table: data.insights, grantee: handler }, 'BatchGetItem', 'Query')
  allowQueries(handler, { data, workGroup: config.prefix, writes: false })
  return handler
}
