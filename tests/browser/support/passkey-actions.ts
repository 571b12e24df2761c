/** What riders do with their passkeys, and the passkeys that they have. */

import { expect, type Locator, type Page } from '@playwright/test'
import { type Ceremony, createPasskey } from '../../support/software-authenticator.ts'
import type { Rider, Site } from './fixtures.ts'
import { ClientId } from './pool-client.ts'
import { useTemplate } from './pool-templates.ts'

/** The card of the account page, once its list is there. */
export async function openPasskeys(page: Page): Promise<Locator> {
  const card = page.locator('#passkeys')
  await card.scrollIntoViewIfNeeded()
  await expect(card.locator('#passkey-list')).not.toHaveAttribute('aria-busy')
  return card
}

export function addButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Add a passkey' })
}

/** Adds passkeys of other devices than this browser's. @param ceremonies how each is made */
export async function addPasskeys(
  { origin, pool }: Site,
  AccessToken: string,
  ceremonies: readonly Ceremony[],
): Promise<void> {
  for (const ceremony of ceremonies) {
    const { body } = await pool.call('StartWebAuthnRegistration', { AccessToken })
    const { response } = createPasskey(body.CredentialCreationOptions, { origin, ...ceremony })
    const completed = await pool.call('CompleteWebAuthnRegistration', {
      AccessToken,
      Credential: response,
    })
    expect(completed).toMatchObject({ status: 200 })
  }
}

/** @returns how many passkeys the service knows of whoever has this token */
export async function countPasskeys({ pool }: Site, AccessToken: string): Promise<number> {
  const { body } = await pool.call('ListWebAuthnCredentials', { AccessToken })
  return Array.isArray(body.Credentials) ? body.Credentials.length : -1
}

/** A pool with passkeys and emailed codes, with some properties changed. */
export function withPasskeyPool(changes: Readonly<Record<string, unknown>>) {
  return useTemplate({
    pool: {
      UsernameConfiguration: { CaseSensitive: false },
      AutoVerifiedAttributes: ['email'],
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
      WebAuthnRelyingPartyID: 'localhost',
      WebAuthnUserVerification: 'required',
      Policies: {
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] },
      },
      ...changes,
    },
    client: {
      ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    },
  })
}

/** Registers a rider without a password, and stores the session that the code begins. No page of the site is open then. */
export async function storePasswordlessSession(
  page: Page,
  { pool }: Site,
  { email }: Pick<Rider, 'email'>,
): Promise<void> {
  const call = async (operation: string, body: Readonly<Record<string, unknown>>) => {
    const answer = await pool.call(operation, { ClientId, ...body })
    expect(answer, operation).toMatchObject({ status: 200 })
    return answer.body
  }
  const signedUp = await call('SignUp', {
    Username: email,
    UserAttributes: [{ Name: 'email', Value: email }],
  })
  const confirmed = await call('ConfirmSignUp', {
    Username: email,
    ConfirmationCode: await pool.latestCodeFor(email),
    Session: signedUp.Session,
  })
  const { AuthenticationResult } = await call('InitiateAuth', {
    AuthFlow: 'USER_AUTH',
    AuthParameters: { USERNAME: email },
    Session: confirmed.Session,
  })
  await page.goto('/robots.txt')
  await page.evaluate(
    ([prefix, username, result]) => {
      const { IdToken, AccessToken, RefreshToken } = JSON.parse(result)
      for (const [name, value] of Object.entries({
        [`${username}.idToken`]: IdToken,
        [`${username}.accessToken`]: AccessToken,
        [`${username}.refreshToken`]: RefreshToken,
        [`${username}.clockDrift`]: '0',
        LastAuthUser: username,
      })) {
        sessionStorage.setItem(`${prefix}.${name}`, value)
      }
    },
    [
      `CognitoIdentityServiceProvider.${ClientId}`,
      email,
      JSON.stringify(AuthenticationResult),
    ] as const,
  )
}
