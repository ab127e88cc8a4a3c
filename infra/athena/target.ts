import { readFile } from 'node:fs/promises'
import {
  AthenaClient,
  ListDatabasesCommand,
  ListWorkGroupsCommand,
  type ListWorkGroupsCommandOutput,
} from '@aws-sdk/client-athena'
import { z } from 'zod'
import { configured } from '../configured.ts'
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

/** What is not named is that of cdk.json or, if there is none, the only one whose name begins as that does. */
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

async function findWorkGroup(client: AthenaClient): Promise<string> {
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const page: ListWorkGroupsCommandOutput = await client.send(
      new ListWorkGroupsCommand({ ...(NextToken !== undefined && { NextToken }) }),
    )
    names.push(...(page.WorkGroups ?? []).flatMap(({ Name = '' }) => Name))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return ours(names, { named: configured().prefix, kind: 'workgroup', option: '--workgroup' })
}

async function findDatabase(client: AthenaClient, workGroup: string): Promise<string> {
  const command = new ListDatabasesCommand({ CatalogName: 'AwsDataCatalog', WorkGroup: workGroup })
  const { DatabaseList = [] } = await client.send(command)
  const names = DatabaseList.flatMap(({ Name = '' }) => Name)
  const named = configured().prefix.replaceAll('-', '_')
  return ours(names, { named, kind: 'database', option: '--database' })
}

function ours(all: string[], { named, kind, option }: { named: string; kind: string; option: string }) {
  if (all.includes(named)) return named
  const names = all.filter((name) => name.startsWith(configured().name))
  const [name, ...others] = names
  if (name !== undefined && others.length === 0) return name
  const found = name === undefined ? `no ${kind} ${named}` : `several: ${names.join(', ')}`
  throw new AthenaFailure(`there is ${found}; name one with ${option}`)
}
