/**
 * Checks whether the site can use a user pool: starts an SRP sign-in with a random user name, as any visitor could,
 * and looks at the response.
 */

import { randomBytes, randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { findPoolProblem } from '../../shared/pool-problems.ts'
import { SettingsError } from '../../shared/settings-error.ts'
import type { CognitoConfig } from '../../shared/site-config.ts'

const timeLimitMs = 10_000

const responseBody = v.object({
  __type: v.optional(v.string(), ''),
  message: v.optional(v.string(), ''),
  ChallengeName: v.optional(v.string(), ''),
})

/** @throws {SettingsError} naming the setting with which the site cannot work */
export async function assertUserPoolWorks({
  userPoolId,
  userPoolClientId,
  endpoint,
}: CognitoConfig): Promise<void> {
  // A path on the site's own origin cannot be checked before the site is deployed.
  if (endpoint.startsWith('/')) return
  const response = await callPool(endpoint, {
    AuthFlow: 'USER_SRP_AUTH',
    ClientId: userPoolClientId,
    AuthParameters: { USERNAME: randomUUID(), SRP_A: randomBytes(384).toString('hex') },
  })
  const error = `${response.__type}: ${response.message}`
  const problem = findPoolProblem(error)
  if (problem) {
    throw new SettingsError(
      problem.setting === 'cognito.userPoolClientId'
        ? `${problem.setting} ${userPoolClientId}`
        : problem.setting,
      problem.expected,
      `${problem.suggestion} The pool said ${error}`,
    )
  }
  if (response.ChallengeName !== 'PASSWORD_VERIFIER') {
    throw new SettingsError(
      `user pool ${userPoolId}`,
      'one that begins a sign-in by SRP',
      `It said ${response.__type ? error : response.ChallengeName || 'nothing known'}.`,
    )
  }
}

async function callPool(
  endpoint: string,
  body: unknown,
): Promise<v.InferOutput<typeof responseBody>> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      },
      body: JSON.stringify(body),
      // The pages follow no redirect either.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeLimitMs),
    })
    return v.parse(responseBody, await response.json())
  } catch (error) {
    throw new SettingsError(
      endpoint,
      'the API of a user pool',
      'It could not be reached, or answered something else. Check the region and your connection.',
      { cause: error },
    )
  }
}
