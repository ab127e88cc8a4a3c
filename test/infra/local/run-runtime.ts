import { startLocal } from '../../../infra/local/start.ts'

// A runtime in a process of its own, to be killed: `run-runtime.ts <state directory> <assembly>`.
const [, , directory = '', assemblyDirectory = ''] = process.argv
const { endpoints } = await startLocal({ directory, assemblyDirectory, prebuilt: true, port: 0 })
process.stdout.write(`${JSON.stringify(endpoints)}\n`)
