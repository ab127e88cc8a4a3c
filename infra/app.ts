import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { AnalysisStack } from './analysis-stack.ts'
import { build, bundleDirectory, placeModel } from './build.ts'
import { parseConfig, WrongConfig } from './config.ts'
import { Firewall } from './firewall.ts'
import { Operations } from './operations.ts'
import { Stateful } from './stateful.ts'
import { Stateless } from './stateless.ts'

const project = join(import.meta.dirname, '..')

export interface AppOptions {
  /** Context as in cdk.json; the CDK CLI hands over its own. */
  context?: Record<string, unknown>
  outdir?: string
  /** Directory of the functions' bundles. */
  bundles?: string
  /** Whether to check the templates against the rules of AWS Solutions. */
  checked?: boolean
}

export function createApp({ context, outdir, bundles = bundleDirectory, checked = true }: AppOptions = {}) {
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    ...(context && { context }),
    ...(outdir && { outdir }),
  })
  const config = parseConfig(app.node.tryGetContext('omnijourney'), configFile(), project)
  placeModel(config.model, bundles)
  const { prefix, region } = config
  const env = { ...(region && { region }) }
  const data = new Stateful(app, `${prefix}-data`, { env, config })
  const analysis = new AnalysisStack(app, `${prefix}-analysis`, { env, config, data, bundles })
  const functions = new Stateless(app, prefix, { env, config, data, bundles })
  // What is published has to have somewhere to go.
  functions.addStackDependency(analysis)
  new Operations(app, `${prefix}-operations`, { env, config, data, analysis, functions })
  if (config.firewall)
    new Firewall(app, `${prefix}-firewall`, { env: { region: 'us-east-1' }, prefix, ...config.firewall })
  for (const [key, value] of Object.entries({ application: prefix, ...config.tags }))
    Tags.of(app).add(key, value)
  if (checked) Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return app
}

function configFile() {
  const path = join(project, 'cdk.json')
  return existsSync(path) ? { name: 'cdk.json', text: readFileSync(path, 'utf8') } : undefined
}

if (import.meta.main) {
  await build()
  try {
    createApp().synth()
  } catch (error) {
    if (!(error instanceof WrongConfig)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
