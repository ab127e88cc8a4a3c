import kinesalite from 'kinesalite'
import { z } from 'zod'
import { liveWithParent, tellParentReady } from './child-life.ts'
import { host } from './ports.ts'

const [port, path] = z.tuple([z.coerce.number(), z.string()]).parse(process.argv.slice(2))

const server = kinesalite({ path, createStreamMs: 1, deleteStreamMs: 1, updateStreamMs: 1, shardLimit: 500 })
liveWithParent(() => process.exit(0))
server.listen(port, host, tellParentReady)
