import { againstBar, barHeader, type Column, printTable } from './report.ts'

type Quantiles = { p50: number; p95: number }
type Read = Quantiles & { route: string; requests: number; sequential: number; largest: number }

/** What was measured of one customer; the first of the reads is the 360° view. */
export type Measured = {
  title: string
  nodes: number
  getItem: Quantiles
  /** With the delay of a network. */
  far: { getItem: Quantiles; view: Quantiles }
  reads: Read[]
  checkpointBytes: number
  largestItemBytes: number
}

const bars = { trips: 2, ratio: 1.5 }
const kilobyte = 1024
/** Of DynamoDB, of Lambda, and of what Firehose takes as one record. */
const limits = { item: 400 * kilobyte, answer: 6 * kilobyte * kilobyte, record: 1_000 * kilobyte }

const short = (route: string): string => route.replace('GET /v1/customers/{personId}', '…')
const ratioOf = (read: Quantiles, bare: Quantiles): Quantiles => ({
  p50: read.p50 / bare.p50,
  p95: read.p95 / bare.p95,
})

export function printReads(found: readonly Measured[], networkMs: number): void {
  const rows = found.flatMap(({ title, getItem, far, reads: [view, ...lists] }): Column[][] => {
    if (!view) return []
    const near = ratioOf(view, getItem)
    const ofFar = ratioOf(far.view, far.getItem)
    return [
      [title, 'one bare GetItem', 1, 1, getItem.p50, getItem.p95],
      [
        ...['', short(view.route), view.sequential, view.requests, view.p50, view.p95],
        ...[near.p50, near.p95, ofFar.p50, ofFar.p95].map((ratio) => ratio.toFixed(2)),
      ],
      ...lists.map(({ route, sequential, requests, p50, p95 }) => [
        ...['', short(route), sequential, requests, p50, p95],
      ]),
    ]
  })
  const figures = ['trips', 'requests', 'p50 ms', 'p95 ms', 'p50 ratio', 'p95', 'far: p50', 'p95']
  printTable('customer: reading one, without the gateway', ['touchpoints', '', ...figures], rows)
  console.log(
    '  On Dynoxide. Trips: requests that had to wait for the one before. GetItem: of the checkpoint.',
  )
  console.log(`  Far: with ${networkMs} ms for each request, which a network takes.\n`)
  const worst = (values: readonly number[]) => Math.max(...values)
  const ofOneNode = found.filter(({ nodes }) => nodes === 1)
  const ratios = ofOneNode.flatMap(({ getItem, reads: [view] }) => (view ? ratioOf(view, getItem) : []))
  const farRatios = ofOneNode.map(({ far }) => ratioOf(far.view, far.getItem))
  printTable('customer: the 360° view, the worst of all lengths', barHeader, [
    againstBar('round trips', worst(found.map(({ reads: [view] }) => view?.sequential ?? 0)), bars.trips),
    againstBar('p50 to one bare GetItem', worst(ratios.map(({ p50 }) => p50)), bars.ratio),
    againstBar('p95 to one bare GetItem', worst(ratios.map(({ p95 }) => p95)), bars.ratio),
    againstBar('p50 to one bare GetItem, far', worst(farRatios.map(({ p50 }) => p50)), bars.ratio),
    againstBar('p95 to one bare GetItem, far', worst(farRatios.map(({ p95 }) => p95)), bars.ratio),
  ])
}

export function printSizes(found: readonly Measured[]): void {
  const [first] = found
  const lists = first?.reads.slice(1).map(({ route }) => `500 ${short(route)}`) ?? []
  const rows = found.map(({ title, checkpointBytes, largestItemBytes, reads }) => [
    ...[title, checkpointBytes, largestItemBytes],
    ...reads.map(({ largest }) => largest),
  ])
  const header = ['touchpoints', 'checkpoint', 'largest item', 'view', ...lists]
  printTable('customer: bytes in the table journeys, and of answers as Lambda hands them over', header, rows)
  const item = Math.max(...found.map(({ largestItemBytes }) => largestItemBytes))
  const answer = Math.max(...found.flatMap(({ reads }) => reads.map(({ largest }) => largest)))
  printTable('customer: the largest of these', barHeader, [
    againstBar('item', item / kilobyte, limits.item / kilobyte, 'KB'),
    againstBar('answer', answer / kilobyte, limits.answer / kilobyte, 'KB'),
    againstBar('item, as a record of Firehose', item / kilobyte, limits.record / kilobyte, 'KB'),
  ])
}
