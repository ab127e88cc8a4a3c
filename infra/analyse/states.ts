import { readFile } from 'node:fs/promises'
import { SFNClient } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { AthenaFailure } from '../athena/failure.ts'

const endpointsSchema = z.object({ stepFunctions: z.string(), region: z.string() })

interface Place {
  /** Undefined: the system on this machine. */
  profile: string | undefined
  region: string | undefined
}

/** Step Functions of an account, or of this machine. */
export async function createStates({ profile, region }: Place, endpointsFile: string): Promise<SFNClient> {
  if (profile !== undefined) return new SFNClient({ profile, ...(region !== undefined && { region }) })
  const endpoints = endpointsSchema.safeParse(JSON.parse(await readFile(endpointsFile, 'utf8')))
  if (!endpoints.success) throw new AthenaFailure(`${endpointsFile} does not name stepFunctions and region`)
  return new SFNClient({
    endpoint: endpoints.data.stepFunctions,
    region: endpoints.data.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
}
