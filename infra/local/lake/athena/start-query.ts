import { z } from 'zod'
import { type AwsAnswer, awsFailure, awsSuccess } from '../../aws-server.ts'
import { type Catalog, catalogName } from '../catalog.ts'
import type { Executions } from './executions.ts'
import { statementTypeOf } from './statement-type.ts'
import { primary, type WorkGroups } from './work-groups.ts'

export interface StartDeps {
  catalog: Catalog
  workGroups: WorkGroups
  executions: Executions
}

export const startSchema = z.object({
  QueryString: z.string().min(1).max(262_144),
  ClientRequestToken: z.string().min(32).max(128).optional(),
  QueryExecutionContext: z
    .object({ Database: z.string().optional(), Catalog: z.string().optional() })
    .default({}),
  ResultConfiguration: z.object({ OutputLocation: z.string().optional() }).default({}),
  WorkGroup: z.string().default(primary),
  ExecutionParameters: z.array(z.string().min(1).max(1024)).default([]),
})

const refused = (message: string) => awsFailure('InvalidRequestException', message)

type StartRequest = z.output<typeof startSchema>

/** The same request, by its token, starts one execution. */
export function createStart({ catalog, workGroups, executions }: StartDeps) {
  const started = new Map<string, { request: string; id: string }>()

  return (request: StartRequest): AwsAnswer => {
    const { ClientRequestToken: token, QueryString: sql, QueryExecutionContext: context } = request
    const before = token === undefined ? undefined : started.get(token)
    if (before && before.request !== JSON.stringify(request))
      return refused('Idempotent parameters do not match')
    if (before && executions.find(before.id)) return awsSuccess({ QueryExecutionId: before.id })
    const workGroup = workGroups.get(request.WorkGroup)
    if (!workGroup) return refused(`WorkGroup ${request.WorkGroup} is not found.`)
    if (context.Catalog !== undefined && context.Catalog.toLowerCase() !== catalogName)
      return refused(`Catalog ${context.Catalog} is not found`)
    const { EnforceWorkGroupConfiguration, ResultConfiguration } = workGroup.WorkGroupConfiguration
    const asked = EnforceWorkGroupConfiguration ? undefined : request.ResultConfiguration.OutputLocation
    const location = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(asked ?? ResultConfiguration.OutputLocation ?? '')
    if (!location) return refused(noLocation)
    const [, bucket = '', prefix] = location
    const [only, ...others] = catalog.databases
    const { id } = executions.start({
      sql,
      parameters: request.ExecutionParameters,
      database: context.Database ?? (others.length === 0 ? (only?.name ?? null) : null),
      workGroup: request.WorkGroup,
      outputOf: (own) => ({
        bucket,
        key: `${prefix ? `${prefix}/` : ''}${own}${statementTypeOf(sql).extension}`,
      }),
    })
    if (token !== undefined) started.set(token, { request: JSON.stringify(request), id })
    for (const [oldest, execution] of started) if (!executions.find(execution.id)) started.delete(oldest)
    return awsSuccess({ QueryExecutionId: id })
  }
}

const noLocation =
  'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.'
