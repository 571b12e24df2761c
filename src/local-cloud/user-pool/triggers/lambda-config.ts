/** The functions of a pool as the API tells them. */

import type { JsonObject, OperationContext } from '../context.ts'
import { type TriggerName, triggerNames } from './trigger-events.ts'

/** @returns the ARN that a function of this name has here; there is no Lambda behind it */
export function toFunctionArn(name: TriggerName): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`
}

/** @returns the API's LambdaConfigType: the triggers that have a function */
export function toLambdaConfig({ triggers, settings }: OperationContext): JsonObject {
  const { preTokenGenerationVersion: LambdaVersion } = settings
  return {
    ...Object.fromEntries(
      triggerNames
        .filter((name) => triggers.has(name))
        .map((name) => [name, toFunctionArn(name)] as const),
    ),
    ...(triggers.has('PreTokenGeneration') &&
      LambdaVersion !== 'V1_0' && {
        PreTokenGenerationConfig: { LambdaVersion, LambdaArn: toFunctionArn('PreTokenGeneration') },
      }),
  }
}
