/**
 * Asks a user pool, as any visitor could, whether the site can work with it: begins a sign-in of nobody, and
 * reads what the pool says.
 */

import { randomBytes, randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { SettingsError } from '../../shared/settings-error.ts'
import type { CognitoConfig } from '../../shared/site-config.ts'

const timeLimitMs = 10_000

const answerBody = v.object({
  __type: v.optional(v.string(), ''),
  message: v.optional(v.string(), ''),
  ChallengeName: v.optional(v.string(), ''),
})

interface Fault {
  readonly says: RegExp
  readonly expected: string
  readonly suggestion: string
}

/** What Cognito answers for each setting of an app client that keeps riders out. */
const faults: readonly Fault[] = [
  {
    says: /ResourceNotFoundException/,
    expected: 'an app client of a user pool in this region',
    suggestion: 'See "App clients" in the Cognito console, and the region at its top.',
  },
  {
    says: /SECRET_HASH|client secret/i,
    expected: 'an app client without a secret',
    suggestion: 'A static site cannot keep one: create a client with GenerateSecret off.',
  },
  {
    says: /USER_SRP_AUTH is not enabled|flow not enabled/i,
    expected: 'an app client that allows SRP',
    suggestion: 'Switch ALLOW_USER_SRP_AUTH and ALLOW_REFRESH_TOKEN_AUTH on.',
  },
  {
    says: /UserNotFoundException/,
    expected: 'an app client that does not tell who exists',
    suggestion: 'Switch "Prevent user existence errors" on.',
  },
]

/** @throws {SettingsError} naming what keeps the site from working with it */
export async function assertPoolFits({
  userPoolId,
  userPoolClientId,
  endpoint,
}: CognitoConfig): Promise<void> {
  // A path of the site is there once the site is.
  if (endpoint.startsWith('/')) return
  const answer = await callPool(endpoint, {
    AuthFlow: 'USER_SRP_AUTH',
    ClientId: userPoolClientId,
    AuthParameters: { USERNAME: randomUUID(), SRP_A: randomBytes(384).toString('hex') },
  })
  const said = `${answer.__type}: ${answer.message}`
  const fault = faults.find(({ says }) => says.test(said))
  if (fault) {
    throw new SettingsError(
      `cognito.userPoolClientId ${userPoolClientId}`,
      fault.expected,
      `${fault.suggestion} The pool said ${said}`,
    )
  }
  if (answer.ChallengeName !== 'PASSWORD_VERIFIER') {
    throw new SettingsError(
      `user pool ${userPoolId}`,
      'one that begins a sign-in by SRP',
      `It said ${answer.__type ? said : answer.ChallengeName || 'nothing known'}.`,
    )
  }
}

async function callPool(
  endpoint: string,
  body: unknown,
): Promise<v.InferOutput<typeof answerBody>> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeLimitMs),
    })
    return v.parse(answerBody, await response.json())
  } catch (error) {
    throw new SettingsError(
      endpoint,
      'the API of a user pool',
      'It could not be reached, or answered something else. Check the region and your connection.',
      { cause: error },
    )
  }
}
