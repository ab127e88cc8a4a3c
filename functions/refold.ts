import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context, ScheduledEvent } from 'aws-lambda'
import { refoldAll } from './journey/refold-all.ts'
import { foldingDependencies } from './runtime/folding.ts'
import { once } from './runtime/once.ts'
import { logger } from './runtime/telemetry.ts'

const dependencies = once(foldingDependencies)
/** A batch of long histories may take so long. */
const reserveMs = 5 * 60 * 1000

/** On a schedule: journeys that were folded by another model → folded anew. Nearly always there are none. */
export const handler = middy<ScheduledEvent, void, Error, Context>()
  .use(injectLambdaContext(logger))
  .handler(async (_, context) => {
    const hasTime = () => context.getRemainingTimeInMillis() > reserveMs
    const persons = await refoldAll(await dependencies(), hasTime)
    if (persons > 0) logger.info('folded anew by the model of today', { persons })
  })
