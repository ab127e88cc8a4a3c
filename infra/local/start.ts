import { resolve } from 'node:path'
import { assemble, readAssembly } from './assembly.ts'
import { createAwsCall } from './aws-json.ts'
import { createConsumers, stopConsumers } from './consumers.ts'
import { trimStreams } from './dynoxide-upkeep.ts'
import { type Endpoints, publishEndpoints } from './endpoints.ts'
import { serveEventBus } from './event-bus.ts'
import { startFunctions } from './functions.ts'
import { createGatekeeper } from './gatekeeper.ts'
import { serveHttpApi } from './http-api.ts'
import { serveIssuer } from './issuer.ts'
import type { Client } from './issuer-clients.ts'
import { startLake } from './lake/start.ts'
import { choosePorts } from './ports.ts'
import { provision } from './provision.ts'
import { startSchedules } from './schedules.ts'
import { serveSecrets } from './secrets.ts'
import { at, startServers } from './servers.ts'
import { openState } from './state.ts'
import { openErrorLog, takeDirectory } from './state-directory.ts'
import { serveStateMachines } from './states/serve.ts'
import { readStatus } from './status.ts'
import { describeSystem, type System } from './system.ts'
import { trustedIssuer } from './trusted-issuer.ts'

export interface LocalOptions {
  /** Where the state lives. */
  directory: string
  /** Undefined: the well-known ports; 0: free ones. */
  port?: number | undefined
  /** Forget what was there. */
  fresh?: boolean
  /** Ask for tokens, and for no more requests a second, as on AWS. */
  auth?: boolean
  /** Use the bundles and templates of an earlier `assemble`. */
  prebuilt?: boolean
  /** What `assemble` fills, if not the usual directory. */
  assemblyDirectory?: string
  /** Called when a server ended by itself; nothing works from then on. */
  onFailure?: (message: string) => void
}

export interface LocalRuntime {
  endpoints: Endpoints
  system: System
  clients: ReadonlyMap<string, Client>
  close(): Promise<void>
}

/** Starts the whole system on this machine, from the templates of the deployment. */
export async function startLocal(options: LocalOptions): Promise<LocalRuntime> {
  const closers: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne()
  }
  try {
    return { ...(await start(options, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(options: LocalOptions, closers: (() => Promise<void> | void)[]) {
  const directory = resolve(options.directory)
  const { logDirectory, release } = await takeDirectory(directory, { fresh: options.fresh ?? false })
  closers.push(release)
  const errors = openErrorLog(logDirectory)
  closers.push(errors.close)
  const ports = await choosePorts(options.port)

  // The emulators come up while the app is built.
  const servers = startServers({ ports, directory, logDirectory, onExit: options.onFailure ?? errors.write })
  closers.push(servers.close)
  const { prebuilt, assemblyDirectory } = options
  const system = describeSystem(
    prebuilt ? readAssembly(assemblyDirectory) : await assemble(assemblyDirectory),
  )
  const secrets = await serveSecrets(system.secrets, { port: ports.secrets, directory })
  closers.push(secrets.close)
  const events = await serveEventBus(system.eventBuses, { port: ports.events, directory })
  closers.push(events.close)
  const lake = startLake(system.lake, {
    port: ports.lake,
    directory,
    logDirectory,
    s3Endpoint: servers.s3Endpoint,
    onExit: options.onFailure ?? errors.write,
  })
  closers.push(lake.close)
  const auth = options.auth ?? false
  const issuer = trustedIssuer(system, { auth, endpoint: at(ports.issuer) })
  const tokens = await serveIssuer({ port: ports.issuer, directory, system })
  closers.push(tokens.close)
  const lambdas = startFunctions(system, { ports, logDirectory, issuer: issuer.url })
  closers.push(() => stopConsumers([], lambdas))
  await Promise.all([servers.ready(), lake.ready])
  await provision(system, servers)

  const state = openState(directory)
  closers.push(state.close)
  closers.push(trimStreams({ system, state, onError: errors.write }, directory))
  const consumers = createConsumers({ system, servers, lambdas, state, onError: errors.write })
  closers.push(() => stopConsumers(consumers, lambdas))
  await Promise.all(consumers.map((consumer) => consumer.start()))
  closers.push(startSchedules({ schedules: system.schedules, lambdas, onError: errors.write }))
  const states = await serveStateMachines(
    system.stateMachines.map(({ name, arn, properties }) => ({
      name,
      arn,
      definition: properties.DefinitionString,
    })),
    {
      port: ports.states,
      lambdas,
      athena: createAwsCall({ endpoint: at(ports.lake), target: 'AmazonAthena', jsonVersion: '1.1' }),
    },
  )
  closers.push(states.close)
  const local = new Map([['/local/status', () => readStatus(consumers, state)]])
  const gatekeeper = createGatekeeper({ system, issuer, signOwn: auth ? undefined : tokens.signOwn })
  const api = await serveHttpApi({ port: ports.api, routes: system.routes, lambdas, local, gatekeeper })
  closers.push(api.close)
  const { endpoints, withdraw } = publishEndpoints(directory, { ports, system, issuer })
  closers.push(withdraw)
  return { endpoints, system, clients: tokens.clients }
}
