import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { codeOf, ReplayFailure } from './failure.ts'

const endpointsSchema = z.object({
  api: z.string(),
  kinesis: z.string(),
  stream: z.string(),
  region: z.string(),
})

const statusSchema = z.object({
  touchpoints: z.object({
    received: z.number(),
    accepted: z.number(),
    duplicate: z.number(),
    quarantined: z.number(),
  }),
  behind: z.number(),
})

const quarantineSchema = z.object({
  items: z.array(z.object({ reason: z.string(), detail: z.string() })),
  nextCursor: z.string().nullable(),
})

export type Endpoints = z.infer<typeof endpointsSchema>
export type Counters = z.infer<typeof statusSchema>['touchpoints']
export type Status = z.infer<typeof statusSchema>
/** How many records were rejected for a reason, and what was wrong with one of them. */
export type Rejections = ReadonlyMap<string, { count: number; example: string }>

const absent = 'nothing is running here: `npm start` first, or name --stream and --region'

export async function findLocalSystem(endpointsFile: string): Promise<Endpoints> {
  const text = await readFile(endpointsFile, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') throw new ReplayFailure(absent)
    throw error
  })
  try {
    return endpointsSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new ReplayFailure(`${endpointsFile} does not name api, kinesis, stream and region`, { cause })
  }
}

export async function readStatus({ api }: Endpoints): Promise<Status> {
  return getJson(`${api}/local/status`, statusSchema)
}

/** What has been quarantined since then, by reason. */
export async function readRejections({ api }: Endpoints, since: Date): Promise<Rejections> {
  const rejections = new Map<string, { count: number; example: string }>()
  let cursor: string | null = null
  do {
    const query = new URLSearchParams({ from: since.toISOString(), limit: '500' })
    if (cursor !== null) query.set('cursor', cursor)
    const page: z.infer<typeof quarantineSchema> = await getJson(
      `${api}/v1/quarantine?${query}`,
      quarantineSchema,
    )
    for (const { reason, detail } of page.items) {
      const { count, example } = rejections.get(reason) ?? { count: 0, example: detail }
      rejections.set(reason, { count: count + 1, example })
    }
    cursor = page.nextCursor
  } while (cursor !== null)
  return rejections
}

async function getJson<Schema extends z.ZodType>(url: string, schema: Schema): Promise<z.output<Schema>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw new ReplayFailure(`${url} does not answer; is the system still running?`, { cause })
  })
  if (!response.ok) throw new ReplayFailure(`${url} answers ${response.status}`)
  const answer = schema.safeParse(await response.json().catch(() => undefined))
  if (answer.success) return answer.data
  throw new ReplayFailure(`${url} does not answer as expected`, { cause: answer.error })
}
