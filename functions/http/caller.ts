import * as z from 'zod'

const authorizedContext = z.object({
  authorizer: z.object({
    iam: z.object({ userArn: z.string() }).nullish(),
    jwt: z
      .object({ claims: z.object({ client_id: z.string().optional(), sub: z.string().optional() }) })
      .nullish(),
  }),
})

/** Who asks, as the gateway has found out: a principal of the account, a client of the issuer, or `unknown`. */
export function callerOf(context: unknown): string {
  const { iam, jwt } = authorizedContext.safeParse(context).data?.authorizer ?? {}
  return iam?.userArn ?? jwt?.claims.client_id ?? jwt?.claims.sub ?? 'unknown'
}
