import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context, ScheduledEvent } from 'aws-lambda'
import { tellOfSilence } from './journey/silence.ts'
import { foldingDependencies } from './runtime/folding.ts'
import { once } from './runtime/once.ts'
import { logger } from './runtime/telemetry.ts'

const dependencies = once(foldingDependencies)
/** What is due at once is done in much less. */
const reserveMs = 60_000

/** Every minute: journeys that have gone quiet → told of, by the timers that are due. */
export const handler = middy<ScheduledEvent, void, Error, Context>()
  .use(injectLambdaContext(logger))
  .handler(async (_, context) => {
    const hasTime = () => context.getRemainingTimeInMillis() > reserveMs
    const told = await tellOfSilence(await dependencies(), hasTime)
    if (told > 0) logger.info('told of journeys gone quiet', { told })
  })
