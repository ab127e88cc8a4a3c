import { Duration } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { allowQueries } from './athena-access.ts'
import { createFunction, grantSecret, type Site } from './function.ts'
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
    places: ['TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET', 'STREAM_NAME', 'SETTINGS'],
  })
  stream.grantWrite(handler)
  touchpoints.grantWriteData(handler)
  touchpoints.grant(handler, 'dynamodb:PartiQLInsert')
  quarantine.grantPut(handler, 'records/*')
  return handler
}

function customers(site: Site) {
  const { identity, touchpoints, journeys, insights } = site.data
  const handler = createFunction(site, 'customers', {
    description: 'Answers about one customer',
    timeout: apiTimeout,
    places: [
      'IDENTITY_TABLE',
      'TOUCHPOINTS_TABLE',
      'JOURNEYS_TABLE',
      'INSIGHTS_TABLE',
      'HMAC_SECRET_ARN',
      'SETTINGS',
    ],
  })
  for (const table of [identity, touchpoints, journeys, insights]) table.grantReadData(handler)
  grantSecret(site, handler)
  return handler
}

function operations(site: Site) {
  const { identity } = site.data
  const handler = createFunction(site, 'operations', {
    description: 'Merges persons, undoes merges and marks shared devices by hand',
    timeout: apiTimeout,
    places: ['IDENTITY_TABLE', 'HMAC_SECRET_ARN', 'SETTINGS'],
  })
  identity.grantReadWriteData(handler)
  grantSecret(site, handler)
  return handler
}

function quarantine(site: Site) {
  const { touchpoints, quarantine } = site.data
  const handler = createFunction(site, 'quarantine', {
    description: 'Shows what was rejected and why',
    timeout: apiTimeout,
    places: ['TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET'],
  })
  touchpoints.grantReadData(handler)
  quarantine.grantRead(handler)
  return handler
}

function campaigns(site: Site) {
  const { insights } = site.data
  const handler = createFunction(site, 'campaigns', {
    description: 'Keeps what campaigns are planned and cost',
    timeout: apiTimeout,
    places: ['INSIGHTS_TABLE'],
  })
  insights.grantReadWriteData(handler)
  return handler
}

function insights(site: Site) {
  const { config, data } = site
  const handler = createFunction(site, 'insights', {
    description: 'Shows what analyses found',
    timeout: apiTimeout,
    places: ['INSIGHTS_TABLE', 'LAKE_DATABASE', 'LAKE_WORK_GROUP'],
  })
  data.insights.grantReadData(handler)
  allowQueries(handler, { data, workGroup: `omnijourney-${config.stage}`, writes: false })
  return handler
}
