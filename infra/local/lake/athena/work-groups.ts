import { z } from 'zod'
import { type AwsOperation, awsFailure, awsSuccess } from '../../aws-server.ts'
import { operationsRefusing } from '../operation.ts'
import type { LakeResources, WorkGroupResource } from '../resources.ts'
import { engineVersion } from './execution-view.ts'

const operation = operationsRefusing('InvalidRequestException')

export type WorkGroups = ReadonlyMap<string, WorkGroupResource['properties']>

/** The one that every account has; it says nothing of where results go. */
export const primary = 'primary'

export const workGroupsOf = ({ workGroups }: LakeResources): WorkGroups =>
  new Map([
    [
      primary,
      { WorkGroupConfiguration: { EnforceWorkGroupConfiguration: false, ResultConfiguration: {} } },
    ] as const,
    ...workGroups.map(({ name, properties }) => [name, properties] as const),
  ])

export function workGroupOperations(workGroups: WorkGroups): [string, AwsOperation][] {
  return [
    [
      'AmazonAthena.GetWorkGroup',
      operation(z.object({ WorkGroup: z.string() }), ({ WorkGroup: name }) => {
        const found = workGroups.get(name)
        if (!found) return awsFailure('InvalidRequestException', `WorkGroup ${name} is not found.`)
        const Configuration = { ...found.WorkGroupConfiguration, EngineVersion: engineVersion }
        return awsSuccess({ WorkGroup: { ...summaryOf(name, found), Configuration } })
      }),
    ],
    [
      'AmazonAthena.ListWorkGroups',
      operation(z.object({}), () =>
        awsSuccess({ WorkGroups: [...workGroups].map(([name, found]) => summaryOf(name, found)) }),
      ),
    ],
  ]
}

const summaryOf = (name: string, { Description }: WorkGroupResource['properties']) => ({
  Name: name,
  State: 'ENABLED',
  ...(Description !== undefined && { Description }),
  EngineVersion: engineVersion,
})
