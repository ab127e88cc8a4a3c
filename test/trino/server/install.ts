import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findJava } from './java.ts'
import { runStep } from './run-step.ts'

/** Athena's engine version 3 follows Trino; this is the one that the SQL of the project was written against. */
export const version = '476'

export type Installation = { java: string; home: string }

/** Trino from Maven Central, 235 MB: only what tables in files of this machine need. Once per `directory`. */
export async function installTrino(directory: string): Promise<Installation> {
  mkdirSync(directory, { recursive: true })
  const java = await findJava(directory)
  const home = join(directory, `trino-${version}`)
  if (existsSync(home)) return { java, home }
  const unfinished = mkdtempSync(`${home}-`)
  try {
    await fetchInto(unfinished, java)
    renameSync(unfinished, home)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    // Else another run was faster.
    if (!existsSync(home)) throw error
  }
  return { java, home }
}

async function fetchInto(home: string, java: string): Promise<void> {
  console.log(`fetching Trino ${version} from Maven Central into ${home}`)
  const pom = join(import.meta.dirname, 'pom.xml')
  const options = ['-q', '-B', '-T2', '-Dmaven.artifact.threads=10', '-f', pom]
  const told = [`-Dtrino.version=${version}`, `-Dhome=${home}`]
  await runStep(
    'mvn',
    [...options, ...told, 'dependency:copy-dependencies'],
    'Maven is needed to fetch Trino',
  )
  // Trino's packaging adds to each plugin by which class it begins.
  const services = join(home, 'iceberg', 'services', 'META-INF', 'services')
  mkdirSync(services, { recursive: true })
  writeFileSync(join(services, 'io.trino.spi.Plugin'), 'io.trino.plugin.iceberg.IcebergPlugin\n')
  const compile = ['-cp', join(home, 'server', '*'), 'org.eclipse.jdt.internal.compiler.batch.Main']
  const source = join(import.meta.dirname, 'TrinoServer.java')
  await runStep(
    java,
    [...compile, '-source', '17', '-target', '17', '-d', home, source],
    'The starter of Trino cannot be compiled',
  )
}
