import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { createAnswers } from './analytics/answers.ts'
import { type Step, type StepDeps, takeStep } from './analytics/steps.ts'
import { createAthena } from './runtime/clients.ts'
import { now } from './runtime/clock.ts'
import { configuredModel } from './runtime/configured-model.ts'
import { logger } from './runtime/telemetry.ts'

const deps: StepDeps = {
  answerTo: createAnswers(createAthena()),
  model: configuredModel(),
  now,
  onFailure: (told) => logger.warn('a statement of an analysis failed', { ...told }),
}

/** Steps of the state machine of analyses: what is to be run, and what is to be asked next. */
export const handler = middy<Step, object, Error, Context>()
  .use(injectLambdaContext(logger))
  .handler((event) => takeStep(event, deps))
