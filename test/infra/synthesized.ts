import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { createApp } from '../../infra/app.ts'
import { functionNames } from '../../infra/build.ts'

/** The stacks, with bundles that never change. */
export function synthesize(omnijourney: object = {}, { checked = false } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-synth-'))
  for (const name of functionNames) {
    mkdirSync(join(directory, name))
    writeFileSync(join(directory, name, 'index.mjs'), 'export const handler = async () => undefined\n')
  }
  const app = createApp({
    context: { omnijourney, '@aws-cdk/aws-iam:minimizePolicies': true },
    bundles: directory,
    checked,
  })
  const stacks = app.node.children.filter((child) => Stack.isStack(child))
  const [stateful, analysis, stateless, operations] = stacks.map((stack) => Template.fromStack(stack))
  if (!stateful || !analysis || !stateless || !operations) throw new Error('The app has four stacks')
  return { stateful, analysis, stateless, operations }
}
