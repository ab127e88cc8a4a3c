import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Plugin } from 'esbuild'

/** Leaves out of bundles what no function needs, and keeps small what few do. */
export const lean: Plugin = {
  name: 'lean',
  setup(build) {
    // A function finds credentials in its environment; the SDK would also look in files, ask other services and log in.
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path }) => ({
      path,
      namespace: 'credentials',
    }))
    build.onLoad({ filter: /.*/, namespace: 'credentials' }, () => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'",
      resolveDir: import.meta.dirname,
    }))
    // Of the SDK, for browsers and for answers that are streams of events. No function has either.
    build.onResolve({ filter: /^(bowser|@smithy\/core\/event-streams)$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, namespace: 'unused' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'export {}' }))
    // Clients take their whole package.json to tell their version.
    build.onLoad({ filter: /@aws-sdk[\\/].*[\\/]package\.json$/ }, async ({ path }) => {
      const { version }: { version?: unknown } = JSON.parse(await readFile(path, 'utf8'))
      return { contents: JSON.stringify({ version }), loader: 'json' }
    })
    build.onLoad({ filter: /libphonenumber-js[\\/]metadata\.max\.json\.js$/ }, async ({ path }) => {
      const json = await readFile(path.replace(/\.js$/, ''))
      return { contents: unpackedLater(brotliCompressSync(json).toString('base64')) }
    })
  },
}

/**
 * What our own code imports later becomes a bundle of its own. Sharing chunks with it, as esbuild can, would load at
 * the start what only it needs of the files that both use.
 *
 * @param found filled with the paths by which these bundles are imported and the files that they begin with
 */
export const apart = (found: Map<string, string>): Plugin => ({
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /^\..*\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined
      const bundled = `./${basename(path, '.ts')}.mjs`
      found.set(bundled, join(resolveDir, path))
      return { path: bundled, external: true }
    })
  },
})

/** Unpacked at the first phone number: a third of the size, and nothing to parse at the start. */
const unpackedLater = (packed: string) => `
import { brotliDecompressSync } from 'node:zlib'
let plans
const all = () => (plans ??= JSON.parse(brotliDecompressSync(Buffer.from('${packed}', 'base64'))))
export default {
  get version() { return all().version },
  get country_calling_codes() { return all().country_calling_codes },
  get countries() { return all().countries },
  get nonGeographic() { return all().nonGeographic },
}
`
