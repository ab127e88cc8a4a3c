import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { serveAws } from './aws-server.ts'
import { liveWithParent, tellParentReady } from './child-life.ts'
import { openLake } from './lake/open.ts'
import { lakeResourcesSchema } from './lake/resources.ts'

const [port, directory, resourcesFile, s3Endpoint] = z
  .tuple([z.coerce.number(), z.string(), z.string(), z.string()])
  .parse(process.argv.slice(2))

const resources = lakeResourcesSchema.parse(JSON.parse(readFileSync(resourcesFile, 'utf8')))
const lake = await openLake(resources, { directory, s3Endpoint })
const server = await serveAws(port, lake.operations)
liveWithParent(async () => {
  await server.close()
  lake.close()
  process.exit(0)
})
tellParentReady()
