import type { Template } from 'aws-cdk-lib/assertions'
import { z } from 'zod'

/** A metric that somebody looks at. */
export type Named = { namespace: string; name: string; dimensions: Record<string, string> }

const stackOutput = z.object({ 'Fn::GetStackOutput': z.object({ OutputName: z.string() }) })
const token = z.union([
  z.string(),
  z.object({ Ref: z.string() }).transform(({ Ref }) => `<${Ref}>`),
  z
    .object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
    .transform((value) => `<${value['Fn::GetAtt'][0]}>`),
  stackOutput.transform((value) => `<${value['Fn::GetStackOutput'].OutputName}>`),
])
const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(token)]) })
const textSchema = z.union([joined.transform((value) => value['Fn::Join'][1].join('')), token])

const metricSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: textSchema })).default([]),
})
const querySchema = z.object({
  Id: z.string(),
  Expression: z.string().optional(),
  MetricStat: z.object({ Metric: metricSchema, Period: z.number() }).optional(),
})
const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.object({ Ref: z.string() })),
  OKActions: z.array(z.object({ Ref: z.string() })),
  Metrics: z.array(querySchema).default([]),
  ...metricSchema.partial().shape,
})

function resourcesOf<T>(template: Template, type: string, schema: z.ZodType<T>): T[] {
  return Object.values(template.findResources(type)).map(({ Properties }) => schema.parse(Properties))
}

const namedOf = ({ Namespace, MetricName, Dimensions }: z.infer<typeof metricSchema>): Named => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
})

/** Tokens are shown as `<name>`. */
export const alarmsIn = (template: Template) =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm', alarmSchema).map((alarm) => ({
    ...alarm,
    metrics: [
      ...(alarm.MetricName === undefined ? [] : [namedOf(metricSchema.parse(alarm))]),
      ...alarm.Metrics.flatMap(({ MetricStat }) => (MetricStat ? [namedOf(MetricStat.Metric)] : [])),
    ],
  }))

const rowSchema = z.array(
  z.union([z.string(), z.looseObject({ expression: z.string().optional(), id: z.string().optional() })]),
)
const bodySchema = z.object({
  widgets: z.array(
    z.object({
      type: z.string(),
      x: z.number(),
      y: z.number(),
      width: z.number(),
      height: z.number(),
      properties: z.looseObject({ metrics: z.array(rowSchema).optional(), markdown: z.string().optional() }),
    }),
  ),
})

export function dashboardIn(template: Template) {
  const schema = z.object({ DashboardName: z.string(), DashboardBody: textSchema })
  const [found] = resourcesOf(template, 'AWS::CloudWatch::Dashboard', schema)
  if (!found) throw new Error('there is no dashboard')
  const { widgets } = bodySchema.parse(JSON.parse(found.DashboardBody))
  const graphs = widgets.map(({ properties: { metrics = [] } }) => metrics)
  const metrics = graphs.flat().flatMap((row): Named[] => {
    const [namespace, name, ...dimensions] = row.filter((part) => typeof part === 'string')
    if (namespace === undefined || name === undefined) return []
    const pairs = dimensions.flatMap((part, index) =>
      index % 2 ? [] : [[part, dimensions[index + 1] ?? '']],
    )
    return [{ namespace, name, dimensions: Object.fromEntries(pairs) }]
  })
  /** Of each graph, its expressions and the ids of all that is in it. */
  const expressions = graphs.map((rows) => {
    const options = rows.flatMap((row) => row.filter((part) => typeof part !== 'string'))
    return {
      ids: options.flatMap(({ id }) => id ?? []),
      expressions: options.flatMap(({ expression }) => expression ?? []),
    }
  })
  return { name: found.DashboardName, widgets, metrics, expressions }
}

const functionsOfMetricMath = new Set(['SUM', 'FILL', 'IF'])

/** The ids that an expression of metric math refers to. */
export const idsIn = (expression: string): string[] =>
  (expression.match(/[A-Za-z_]\w*/g) ?? []).filter((word) => !functionsOfMetricMath.has(word))
