import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Issuer } from '../../functions/http/token.ts'
import { isLocal, issuerAddress, tokenEndpoint } from './issuer.ts'
import type { Ports } from './ports.ts'
import { at } from './servers.ts'
import type { System } from './system.ts'
import { place } from './template.ts'

/** Where programs on this machine find the system. */
export interface Endpoints {
  /** Without `/v1`. */
  api: string
  kinesis: string
  dynamodb: string
  athena: string
  firehose: string
  s3: string
  stepFunctions: string
  /** What OpenID Connect Discovery is asked under. */
  issuer: string
  /** Where clients get their tokens; null if that is the business of another issuer. */
  token: string | null
  /** The name of the stream that takes events. */
  stream: string
  region: string
}

interface Published {
  ports: Ports
  system: System
  issuer: Issuer
}

export function publishEndpoints(directory: string, { ports, system, issuer }: Published) {
  const endpoints: Endpoints = {
    api: at(ports.api),
    kinesis: at(ports.kinesis),
    dynamodb: at(ports.dynamodb),
    athena: at(ports.lake),
    firehose: at(ports.lake),
    s3: at(ports.s3),
    stepFunctions: at(ports.states),
    issuer: isLocal(issuer) ? issuerAddress(ports.issuer) : issuer.url,
    token: isLocal(issuer) ? tokenEndpoint(ports.issuer) : null,
    stream: system.streams[0]?.name ?? '',
    region: place.region,
  }
  const file = join(directory, 'endpoints.json')
  writeFileSync(file, `${JSON.stringify(endpoints, null, 2)}\n`)
  return { endpoints, withdraw: () => rmSync(file, { force: true }) }
}
