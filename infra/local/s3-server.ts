import { Server } from 'node:net'
import { startFauxqs } from 'fauxqs'
import { z } from 'zod'
import { liveWithParent, tellParentReady } from './child-life.ts'
import { host } from './ports.ts'
import { place } from './template.ts'

const [port, dataDir, s3StorageDir] = z
  .tuple([z.coerce.number(), z.string(), z.string()])
  .parse(process.argv.slice(2))

// fauxqs listens on every interface and has no option for it; this process listens on loopback only.
const listen = Server.prototype.listen
Object.defineProperty(Server.prototype, 'listen', {
  value: function listenOnLoopback(this: Server, options: object, ...rest: unknown[]): unknown {
    return Reflect.apply(listen, this, [{ ...options, host }, ...rest])
  },
})

liveWithParent(() => process.exit(0))
await startFauxqs({
  port,
  dataDir,
  s3StorageDir,
  logger: false,
  defaultRegion: place.region,
  host: `${host}:${port}`,
})
tellParentReady()
