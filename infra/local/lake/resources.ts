import { z } from 'zod'

const named = <Shape extends z.ZodType>(properties: Shape) =>
  z.object({ name: z.string(), arn: z.string(), properties })

export const databaseSchema = z.object({
  DatabaseInput: z.object({ Name: z.string(), Description: z.string().optional() }),
})

/** A view as Athena keeps it: its definition is JSON in a comment, in base64. */
export const viewSchema = z.object({
  DatabaseName: z.string(),
  TableInput: z.object({
    Name: z.string(),
    Description: z.string().default(''),
    TableType: z.literal('VIRTUAL_VIEW'),
    StorageDescriptor: z.object({
      Columns: z.array(z.object({ Name: z.string(), Type: z.string(), Comment: z.string().default('') })),
    }),
    ViewOriginalText: z.string(),
  }),
})

/** CloudFormation's form of Iceberg tables; types are as in "Appendix C: JSON serialization" of their specification. */
export const tableSchema = z.object({
  DatabaseName: z.string(),
  OpenTableFormatInput: z.object({
    IcebergInput: z.object({
      IcebergTableInput: z.object({
        Location: z.string(),
        Schema: z.object({
          Fields: z.array(
            z.object({
              Name: z.string(),
              Type: z.string(),
              Required: z.boolean().default(false),
              Doc: z.string().default(''),
            }),
          ),
        }),
        Properties: z.record(z.string(), z.string()).default({}),
      }),
    }),
  }),
})

export const deliveryStreamSchema = z.object({
  IcebergDestinationConfiguration: z.object({
    S3Configuration: z.object({
      BucketARN: z.string(),
      ErrorOutputPrefix: z.string().default(''),
      CompressionFormat: z.enum(['UNCOMPRESSED', 'GZIP']).default('UNCOMPRESSED'),
    }),
    DestinationTableConfigurationList: z
      .array(
        z.object({
          DestinationDatabaseName: z.string(),
          DestinationTableName: z.string(),
          S3ErrorOutputPrefix: z.string().optional(),
        }),
      )
      .default([]),
    ProcessingConfiguration: z
      .object({
        Enabled: z.boolean(),
        Processors: z.array(
          z.object({
            Type: z.literal('MetadataExtraction'),
            Parameters: z.array(z.object({ ParameterName: z.string(), ParameterValue: z.string() })),
          }),
        ),
      })
      .optional(),
  }),
})

export const workGroupSchema = z.object({
  Description: z.string().optional(),
  WorkGroupConfiguration: z
    .object({
      EnforceWorkGroupConfiguration: z.boolean().default(true),
      BytesScannedCutoffPerQuery: z.number().optional(),
      ResultConfiguration: z.object({ OutputLocation: z.string().optional() }).default({}),
    })
    .default({ EnforceWorkGroupConfiguration: true, ResultConfiguration: {} }),
})

/** The resources of the templates that the lake is made of. */
export const lakeResourcesSchema = z.object({
  databases: z.array(named(databaseSchema)),
  tables: z.array(named(tableSchema)),
  views: z.array(named(viewSchema)),
  deliveryStreams: z.array(named(deliveryStreamSchema)),
  workGroups: z.array(named(workGroupSchema)),
})

export type LakeResources = z.infer<typeof lakeResourcesSchema>
export type DeliveryStreamResource = LakeResources['deliveryStreams'][number]
export type WorkGroupResource = LakeResources['workGroups'][number]
