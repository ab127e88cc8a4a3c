import { readFile } from 'node:fs/promises'
import {
  AthenaClient,
  ListDatabasesCommand,
  ListWorkGroupsCommand,
  type ListWorkGroupsCommandOutput,
} from '@aws-sdk/client-athena'
import { z } from 'zod'
import { codeOf } from '../replay/failure.ts'
import type { Arguments } from './arguments.ts'
import { AthenaFailure } from './failure.ts'

/** Whom to ask, and where names without a database are looked for. */
export interface Target {
  client: AthenaClient
  workGroup: string
  database: string
}

type Place = Omit<Arguments, 'sql' | 'csv'>

const endpointsSchema = z.object({ athena: z.string(), region: z.string() })

/** What is not named is the only one of its kind that is called omnijourney. */
export async function findTarget(given: Place, endpointsFile: string): Promise<Target> {
  const client = await (given.profile === undefined ? localClient(endpointsFile) : remoteClient(given))
  const workGroup = given.workGroup ?? (await findWorkGroup(client))
  const database = given.database ?? (await findDatabase(client, workGroup))
  return { client, workGroup, database }
}

async function remoteClient({ profile, region }: Place): Promise<AthenaClient> {
  const client = new AthenaClient({
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
  })
  await client.config.region().catch((cause: unknown) => {
    throw new AthenaFailure(`the profile ${profile} names no region; name one with --region`, { cause })
  })
  return client
}

async function localClient(endpointsFile: string): Promise<AthenaClient> {
  const text = await readFile(endpointsFile, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT')
      throw new AthenaFailure('nothing is running here: `npm start` first, or name --profile')
    throw error
  })
  const endpoints = endpointsSchema.safeParse(JSON.parse(text))
  if (!endpoints.success) throw new AthenaFailure(`${endpointsFile} does not name athena and region`)
  const { athena: endpoint, region } = endpoints.data
  return new AthenaClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
}

const isOurs = (name: string) => name.startsWith('omnijourney')

async function findWorkGroup(client: AthenaClient): Promise<string> {
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const page: ListWorkGroupsCommandOutput = await client.send(
      new ListWorkGroupsCommand({ ...(NextToken !== undefined && { NextToken }) }),
    )
    names.push(...(page.WorkGroups ?? []).flatMap(({ Name = '' }) => (isOurs(Name) ? [Name] : [])))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return only(names, { kind: 'workgroup', option: '--workgroup' })
}

async function findDatabase(client: AthenaClient, workGroup: string): Promise<string> {
  const command = new ListDatabasesCommand({ CatalogName: 'AwsDataCatalog', WorkGroup: workGroup })
  const { DatabaseList = [] } = await client.send(command)
  const names = DatabaseList.flatMap(({ Name = '' }) => (isOurs(Name) ? [Name] : []))
  return only(names, { kind: 'database', option: '--database' })
}

function only(names: string[], { kind, option }: { kind: string; option: string }): string {
  const [name, ...others] = names
  if (name !== undefined && others.length === 0) return name
  const found = name === undefined ? `no ${kind} of omnijourney` : `several: ${names.join(', ')}`
  throw new AthenaFailure(`there is ${found}; name one with ${option}`)
}
