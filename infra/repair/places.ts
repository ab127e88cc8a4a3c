import { existsSync, readFileSync } from 'node:fs'
import { GetWorkGroupCommand } from '@aws-sdk/client-athena'
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb'
import { FirehoseClient } from '@aws-sdk/client-firehose'
import { S3Client } from '@aws-sdk/client-s3'
import { z } from 'zod'
import type { Rules } from '../../functions/journey/fold-state.ts'
import { pause } from '../../functions/runtime/clock.ts'
import type { Table } from '../../functions/store/dynamodb.ts'
import { findTarget, type Target } from '../athena/target.ts'
import { rulesOf } from '../config.ts'
import { configured } from '../configured.ts'
import type { Asked } from './arguments.ts'
import { RepairFailure } from './failure.ts'

/** Where everything is that the lake is made of and compared with. */
export interface Places {
  athena: Target
  s3: S3Client
  bucket: string
  firehose: FirehoseClient
  stream: string
  identity: Table
  touchpoints: Table
  journeys: Table
  /** What cdk.json says that journeys are folded by. */
  rules: Rules
}

const endpointsSchema = z.object({
  dynamodb: z.string(),
  firehose: z.string(),
  s3: z.string(),
  region: z.string(),
})

/**
 * Names follow from the stage: the delivery stream is called as the workgroup is, and the tables begin with it.
 * @param endpointsFile that of a system on this machine
 */
export async function openPlaces(asked: Asked, endpointsFile: string): Promise<Places> {
  if (asked.profile === undefined && !existsSync(endpointsFile))
    throw new RepairFailure('nothing is running here: `npm start` first, or name --profile')
  const athena = await findTarget({ ...noQuery, ...asked }, endpointsFile)
  const options = asked.profile === undefined ? localOptions(endpointsFile) : remoteOptions(asked)
  const dynamodb = new DynamoDBClient(options.dynamodb)
  const tableNames = await Array.fromAsync(paginateListTables({ client: dynamodb }, {}))
  const names = tableNames.flatMap(({ TableNames = [] }) => TableNames)
  const tableNamed = (kind: string): Table => {
    const pattern = new RegExp(`^(omnijourney|${athena.workGroup}-data)-${kind}`, 'i')
    const [name, ...others] = names.filter((one) => pattern.test(one))
    if (name === undefined || others.length > 0)
      throw new RepairFailure(`there ${name ? 'are several tables' : 'is no table'} ${pattern.source}`)
    return { client: dynamodb, name, pause }
  }
  return {
    athena,
    s3: new S3Client(options.s3),
    bucket: await bucketOf(athena),
    firehose: new FirehoseClient(options.firehose),
    stream: athena.workGroup,
    identity: tableNamed('identity'),
    touchpoints: tableNamed('touchpoints'),
    journeys: tableNamed('journeys'),
    rules: rulesOf(configured()),
  }
}

const noQuery = { sql: '', csv: false, workGroup: undefined, database: undefined }

function localOptions(endpointsFile: string) {
  const { dynamodb, firehose, s3, region } = endpointsSchema.parse(
    JSON.parse(readFileSync(endpointsFile, 'utf8')),
  )
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return {
    dynamodb: { endpoint: dynamodb, region, credentials },
    firehose: { endpoint: firehose, region, credentials },
    s3: { endpoint: s3, region, credentials, forcePathStyle: true },
  }
}

function remoteOptions({ profile, region }: Asked) {
  const of = { ...(profile !== undefined && { profile }), ...(region !== undefined && { region }) }
  return { dynamodb: of, firehose: of, s3: of }
}

/** Results of queries lie in the bucket of the lake. */
async function bucketOf({ client, workGroup }: Target): Promise<string> {
  const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: workGroup }))
  const location = WorkGroup?.Configuration?.ResultConfiguration?.OutputLocation ?? ''
  const [, bucket] = /^s3:\/\/([^/]+)\//.exec(location) ?? []
  if (bucket === undefined) throw new RepairFailure(`the workgroup ${workGroup} names no place for results`)
  return bucket
}
