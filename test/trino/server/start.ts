import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTrino } from '../client.ts'
import { type Installation, installTrino, version } from './install.ts'

const patienceMs = 120_000

/**
 * A Trino of its own with an empty lake, in a process that ends with this one.
 * @param directory where it is installed, if it is not yet
 * @param heapMiB its memory; one query may take two thirds of it
 */
export async function startTrino(directory: string, heapMiB = 2048) {
  const installation = await installTrino(directory)
  const place = mkdtempSync(join(tmpdir(), 'omnijourney-trino-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  writeSettings(place, { port, heapMiB, home: installation.home })
  const log = join(place, 'server.log')
  const output = openSync(log, 'w')
  const child = spawn(installation.java, [`-Xmx${heapMiB}M`, ...flags(place, installation)], {
    cwd: place,
    stdio: ['pipe', output, output],
  })
  const ended = once(child, 'close')
  const stop = async () => {
    child.stdin?.end()
    await ended
    rmSync(place, { recursive: true, force: true })
  }
  for (const giveUpAt = Date.now() + patienceMs; !(await isReady(url)); await delay(100)) {
    if (child.exitCode === null && Date.now() < giveUpAt) continue
    const said = readFileSync(log, 'utf8').slice(-3000)
    await stop()
    throw new Error(`Trino does not start:\n${said}`)
  }
  return { url, stop }
}

/** It answers before it has a worker: only a query that needs one proves it ready. */
async function isReady(url: string): Promise<boolean> {
  try {
    await createTrino(url).query('select count(*) from (values 1, 2) t(x) group by x')
    return true
  } catch {
    return false
  }
}

/** The first compiler only: on two cores it starts 3 s sooner, and tests run as fast. */
const flags = (place: string, { home }: Installation): string[] => [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:ReservedCodeCacheSize=256M',
  '-Djdk.attach.allowAttachSelf=true',
  '-XX:+EnableDynamicAgentLoading',
  '--enable-native-access=ALL-UNNAMED',
  '--sun-misc-unsafe-memory-access=allow',
  '-Duser.timezone=UTC',
  '-Dnode.environment=test',
  '-Dnode.id=test',
  '-Dnode.bind-ip=127.0.0.1',
  '-Dnode.internal-address=127.0.0.1',
  `-Dnode.data-dir=${join(place, 'data')}`,
  `-Dplugin.dir=${join(place, 'plugin')}`,
  `-Dcatalog.config-dir=${join(place, 'catalog')}`,
  `-Dlog.levels-file=${join(place, 'log.properties')}`,
  `-Dconfig=${join(place, 'config.properties')}`,
  '-cp',
  `${join(home, 'server', '*')}:${home}`,
  'TrinoServer',
  version,
]

type Settings = { port: number; heapMiB: number; home: string }

function writeSettings(place: string, { port, heapMiB, home }: Settings): void {
  for (const name of ['data', 'catalog', 'lake', 'plugin']) mkdirSync(join(place, name))
  const write = (name: string, settings: Readonly<Record<string, string>>) =>
    writeFileSync(
      join(place, name),
      Object.entries(settings)
        .map((setting) => setting.join('='))
        .join('\n'),
    )
  symlinkSync(join(home, 'iceberg'), join(place, 'plugin', 'iceberg'))
  write('log.properties', { 'io.trino': 'WARN', 'io.airlift': 'WARN', 'org.hibernate': 'WARN' })
  write('config.properties', {
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': String(port),
    'discovery.uri': `http://127.0.0.1:${port}`,
    'web-ui.enabled': 'false',
    'http-server.log.enabled': 'false',
    // Rows come as one literal.
    'query.max-length': '100000000',
    'query.max-memory-per-node': `${Math.floor((2 * heapMiB) / 3)}MB`,
    'memory.heap-headroom-per-node': `${Math.floor(heapMiB / 5)}MB`,
  })
  // By Athena's name for the tables of Glue.
  write('catalog/awsdatacatalog.properties', {
    'connector.name': 'iceberg',
    'iceberg.catalog.type': 'TESTING_FILE_METASTORE',
    'hive.metastore.catalog.dir': 'local:///warehouse',
    'fs.native-local.enabled': 'true',
    'local.location': join(place, 'lake'),
    // Rows of many days come in one insert.
    'iceberg.max-partitions-per-writer': '1000',
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
