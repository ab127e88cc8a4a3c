import type { Objects } from '../objects.ts'
import { readCsv } from './csv.ts'
import type { Execution } from './executions.ts'

export interface Page {
  rows: (string | null)[][]
  /** Where the next page begins; null: nowhere. */
  next: number | null
}

/** Enough for most pages, little enough to be kept a few times. */
const blockBytes = 4 * 1024 * 1024
const mostBlocks = 4

interface Block {
  key: string
  start: number
  bytes: Buffer
  isLast: boolean
}

/** Reads results from where they were written, page by page, the line of names first. */
export function createResults(objects: Objects) {
  const blocks: Block[] = []

  async function fetchBlock({ output }: Execution, start: number, size: number): Promise<Block> {
    const bytes = await objects.read(output, start, start + size)
    const block = { key: keyOf(output), start, bytes, isLast: bytes.length < size }
    blocks.unshift(block)
    blocks.splice(mostBlocks)
    return block
  }

  async function csvPage(execution: Execution, start: number, mostRows: number): Promise<Page> {
    let block = blocks.find((known) => known.key === keyOf(execution.output) && holds(known, start))
    for (let size = blockBytes; ; size *= 2) {
      block ??= await fetchBlock(execution, start, size)
      const { rows, bytes } = readCsv(block.bytes.subarray(start - block.start), mostRows)
      const end = start + bytes
      const isEnd = block.isLast && end >= block.start + block.bytes.length
      if (rows.length === mostRows || block.isLast) return { rows, next: isEnd ? null : end }
      block = undefined
    }
  }

  return async (execution: Execution, start: number, mostRows: number): Promise<Page> => {
    const lines = execution.answer?.lines
    if (lines === null) return csvPage(execution, start, mostRows)
    const rows = (lines ?? []).slice(start, start + mostRows).map((line) => [line])
    const end = start + rows.length
    return { rows, next: end < (lines?.length ?? 0) ? end : null }
  }
}

const keyOf = ({ bucket, key }: Execution['output']) => `${bucket}/${key}`

const holds = ({ start, bytes }: Block, place: number) => start <= place && place < start + bytes.length
