/**
 * Checks whether the site can use a user pool: starts sign-ins with random user names, as any visitor could, and looks
 * at the responses.
 */

import { randomBytes, randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { findPoolProblem } from '../../shared/pool-problems.ts'
import { SettingsError } from '../../shared/settings-error.ts'
import type { CognitoConfig, SignInMethod } from '../../shared/site-config.ts'

const timeLimitMs = 10_000

const responseBody = v.object({
  __type: v.optional(v.string(), ''),
  message: v.optional(v.string(), ''),
  ChallengeName: v.optional(v.string(), ''),
  AvailableChallenges: v.optional(v.array(v.string()), []),
})

/** what a pool calls the ways to sign in beside the password */
const challenges = { 'email-code': 'EMAIL_OTP', passkey: 'WEB_AUTHN' } as const

/** A pool hides who exists behind made-up challenges, of which one alone tells little. */
const attempts = 10

/** @throws {SettingsError} naming the setting with which the site cannot work */
export async function assertUserPoolWorks({
  userPoolId,
  userPoolClientId,
  endpoint,
  signIn,
}: CognitoConfig): Promise<void> {
  // A path on the site's own origin cannot be checked before the site is deployed.
  if (endpoint.startsWith('/')) return
  const response = await callPool(endpoint, {
    AuthFlow: 'USER_SRP_AUTH',
    ClientId: userPoolClientId,
    AuthParameters: { USERNAME: randomUUID(), SRP_A: randomBytes(384).toString('hex') },
  })
  const error = toErrorText(response)
  assertNoProblem(response, userPoolClientId)
  if (response.ChallengeName !== 'PASSWORD_VERIFIER') {
    throw new SettingsError(
      `user pool ${userPoolId}`,
      'one that begins a sign-in by SRP',
      `It said ${response.__type ? error : response.ChallengeName || 'nothing known'}.`,
    )
  }
  if (signIn.length > 1) {
    assertNoProblem(await startChoice({ userPoolClientId, endpoint }), userPoolClientId)
  }
}

/**
 * Asks a pool how riders can sign in.
 *
 * @returns the password, and what the pool begins a sign-in with when it is preferred
 */
export async function findSignInMethods(
  pool: Pick<CognitoConfig, 'userPoolClientId' | 'endpoint'>,
): Promise<readonly SignInMethod[]> {
  if (pool.endpoint.startsWith('/')) return ['password']
  const begun = await startChoice(pool)
  if (begun.ChallengeName === '') return ['password']
  const hasPasskeys = await isChallenge('passkey', pool)
  const hasCodes = await isChallenge('email-code', pool)
  return [
    'password',
    ...(hasPasskeys ? (['passkey'] as const) : []),
    ...(hasCodes ? (['email-code'] as const) : []),
  ]
}

/** Whether the pool begins a sign-in of somebody by this challenge. */
async function isChallenge(
  method: keyof typeof challenges,
  pool: Pick<CognitoConfig, 'userPoolClientId' | 'endpoint'>,
): Promise<boolean> {
  const challenge = challenges[method]
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { ChallengeName, AvailableChallenges } = await startChoice(pool, challenge)
    if ([ChallengeName, ...AvailableChallenges].includes(challenge)) return true
  }
  return false
}

/** Starts a choice-based sign-in of nobody. */
function startChoice(
  { userPoolClientId, endpoint }: Pick<CognitoConfig, 'userPoolClientId' | 'endpoint'>,
  preferred?: string,
) {
  return callPool(endpoint, {
    AuthFlow: 'USER_AUTH',
    ClientId: userPoolClientId,
    AuthParameters: {
      USERNAME: `${randomUUID()}@example.com`,
      ...(preferred !== undefined && { PREFERRED_CHALLENGE: preferred }),
    },
  })
}

/** @throws {SettingsError} for an answer that tells of a wrong setting */
function assertNoProblem(response: v.InferOutput<typeof responseBody>, clientId: string): void {
  const error = toErrorText(response)
  const problem = findPoolProblem(error)
  if (!problem) return
  throw new SettingsError(
    problem.setting === 'cognito.userPoolClientId'
      ? `${problem.setting} ${clientId}`
      : problem.setting,
    problem.expected,
    `${problem.suggestion} The pool said ${error}`,
  )
}

function toErrorText({ __type, message }: v.InferOutput<typeof responseBody>): string {
  return `${__type}: ${message}`
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
