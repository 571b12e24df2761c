/**
 * The page that the link in the email of a sign-up leads to (`CONFIRM_WITH_LINK`): it confirms the user, as a GET like the
 * one of AWS.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-email-verification-message-customization.html
 */

import * as v from 'valibot'
import type { Log } from '../ports.ts'
import { toSecretHash } from '../user-pool/client-authentication.ts'
import type { UserPool } from '../user-pool/context.ts'
import { handle } from '../user-pool/http.ts'
import { draw } from './console.ts'
import { toConfirmationPage } from './console-pages.ts'
import type { ConsoleLook } from './look.ts'

/** Calls ConfirmSignUp in place of the client, whose secret the link cannot have. */
export async function handleConfirmationLink(
  request: Request,
  { pool, log, look }: { pool: UserPool; log: Log; look: ConsoleLook },
): Promise<Response> {
  const { searchParams: query, origin } = new URL(request.url)
  const clientId = query.get('client_id') ?? ''
  const username = query.get('user_name') ?? ''
  const secret = pool.current.of(clientId).clientSecret
  const response = await handle(
    new Request(origin, {
      method: 'POST',
      headers: { 'X-Amz-Target': 'AWSCognitoIdentityProviderService.ConfirmSignUp' },
      body: JSON.stringify({
        ClientId: clientId,
        Username: username,
        ConfirmationCode: query.get('confirmation_code') ?? '',
        ...(secret !== undefined && {
          SecretHash: toSecretHash({ clientId, username }, secret).toString('base64'),
        }),
      }),
    }),
    pool,
    log,
  )
  const { status } = response
  const page = status === 200 ? confirmed : toProblem(v.parse(errorBody, await response.json()))
  return draw({ page: toConfirmationPage(page), status }, look)
}

const errorBody = v.object({ __type: v.string(), message: v.string() })

const confirmed = {
  title: 'Your account is confirmed',
  text: 'You can close this page and sign in.',
} as const

function toProblem({ __type, message }: v.InferOutput<typeof errorBody>) {
  if (/Current status is (?!UNCONFIRMED)/.test(message)) {
    return {
      title: 'This link was used before',
      text: 'The account is confirmed already. You can close this page and sign in.',
    }
  }
  if (__type === 'ExpiredCodeException') {
    return {
      title: 'This link has expired',
      text: 'Ask for a new one where you registered. Only the newest link works.',
    }
  }
  if (__type === 'LimitExceededException') {
    return { title: 'Too many attempts', text: 'Wait a while, then open the link again.' }
  }
  return {
    title: 'This link does not work',
    text: 'Open the newest one, or ask for a new one where you registered.',
  }
}
