/**
 * The unchanged aws-amplify v6 in a page, with the browser's own passkeys, against the local pool. What it does without
 * a browser is in `tests/contract/clients/aws-amplify.test.ts`.
 */

import type { JSHandle, Page } from '@playwright/test'
import type * as auth from 'aws-amplify/auth'
import { openAmplifyPage } from '../support/amplify-page.ts'
import { watchCalls } from '../support/calls.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import { ClientId } from '../support/pool-client.ts'
import {
  addVirtualAuthenticator,
  type VirtualAuthenticator,
} from '../support/virtual-authenticator.ts'

type Auth = JSHandle<typeof auth>

const done = { isSignedIn: true, nextStep: { signInStep: 'DONE' } }

let authenticator: VirtualAuthenticator

test.beforeEach(async ({ page }) => {
  authenticator = await addVirtualAuthenticator(page)
})

function signInByPassword(amplify: Auth, { email, password }: Rider) {
  return amplify.evaluate(
    ({ signIn }, typed) =>
      signIn({
        ...typed,
        options: { authFlowType: 'USER_AUTH', preferredChallenge: 'PASSWORD_SRP' },
      }),
    { username: email, password },
  )
}

function signInByPasskey(amplify: Auth, { email }: Rider) {
  return amplify.evaluate(
    ({ signIn }, username) =>
      signIn({
        username,
        options: { authFlowType: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' },
      }),
    email,
  )
}

function listPasskeys(amplify: Auth) {
  return amplify.evaluate(
    async ({ listWebAuthnCredentials }) => (await listWebAuthnCredentials()).credentials,
  )
}

const addPasskey = (amplify: Auth) =>
  amplify.evaluate(({ associateWebAuthnCredential }) => associateWebAuthnCredential())

const signOut = (amplify: Auth) => amplify.evaluate((library) => library.signOut())

/** @returns Amplify in the page of a rider who has made a passkey, and has signed out if they were not to stay */
async function openWithPasskey(
  page: Page,
  { pool }: Site,
  rider: Rider,
  { staysSignedIn }: { staysSignedIn: boolean },
): Promise<Auth> {
  await pool.createConfirmedUser(rider)
  const amplify = await openAmplifyPage(page)
  expect(await signInByPassword(amplify, rider)).toEqual(done)
  await addPasskey(amplify)
  if (!staysSignedIn) await signOut(amplify)
  return amplify
}

/** Tokens that Amplify has are of this rider, and the pool takes them. */
async function expectTokensOf(amplify: Auth, { email }: Rider, { pool }: Site): Promise<void> {
  const sub = await pool.subOf(email)
  const tokens = await amplify.evaluate(async ({ fetchAuthSession }) => {
    const session = await fetchAuthSession()
    return {
      access: session.tokens?.accessToken.payload,
      id: session.tokens?.idToken?.payload,
    }
  })
  expect(tokens).toMatchObject({
    access: { sub, client_id: ClientId, token_use: 'access' },
    id: { sub, email, aud: ClientId, token_use: 'id' },
  })
  expect(await amplify.evaluate((library) => library.fetchUserAttributes())).toMatchObject({
    sub,
    email,
  })
}

test('passkeys with Amplify: a user who has signed in by password makes one on their device, and it is listed', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const amplify = await openAmplifyPage(page)
  expect(await signInByPassword(amplify, rider)).toEqual(done)
  expect(await listPasskeys(amplify)).toEqual([])

  await addPasskey(amplify)
  const [onDevice] = await authenticator.listPasskeys()
  if (onDevice === undefined) throw new Error('the device has no passkey')
  expect(await listPasskeys(amplify)).toEqual([
    {
      credentialId: Buffer.from(onDevice, 'base64').toString('base64url'),
      friendlyCredentialName: 'Platform passkey',
      relyingPartyId: 'localhost',
      authenticatorAttachment: 'platform',
      authenticatorTransports: ['internal'],
      createdAt: expect.any(Date),
    },
  ])
})

test('passkeys with Amplify: a device that has one of the user makes no second one', async ({
  page,
  site,
  rider,
}) => {
  const amplify = await openWithPasskey(page, site, rider, { staysSignedIn: true })

  await expect(addPasskey(amplify)).rejects.toThrow('Passkey already exists')
  expect(await listPasskeys(amplify)).toHaveLength(1)
})

test('passkeys with Amplify: the preferred challenge WEB_AUTHN signs in with no password', async ({
  page,
  site,
  rider,
}) => {
  await openWithPasskey(page, site, rider, { staysSignedIn: false })
  const amplify = await openAmplifyPage(page)
  const starts = watchCalls(page, 'InitiateAuth')
  const responses = watchCalls(page, 'RespondToAuthChallenge')

  expect(await signInByPasskey(amplify, rider)).toEqual(done)
  expect(starts).toMatchObject([
    { AuthParameters: { USERNAME: rider.email, PREFERRED_CHALLENGE: 'WEB_AUTHN' } },
  ])
  expect(responses).toMatchObject([{ ChallengeName: 'WEB_AUTHN' }])
  expect(JSON.stringify([starts, responses])).not.toMatch(/PASSWORD|SRP/)
  await expectTokensOf(amplify, rider, site)
})

test('passkeys with Amplify: WEB_AUTHN chosen from the list of challenges signs in', async ({
  page,
  site,
  rider,
}) => {
  const amplify = await openWithPasskey(page, site, rider, { staysSignedIn: false })

  const { nextStep } = await amplify.evaluate(
    ({ signIn }, username) => signIn({ username, options: { authFlowType: 'USER_AUTH' } }),
    rider.email,
  )
  expect(nextStep).toMatchObject({
    signInStep: 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
    availableChallenges: expect.arrayContaining(['PASSWORD_SRP', 'PASSWORD', 'WEB_AUTHN']),
  })
  expect(
    await amplify.evaluate(({ confirmSignIn }) =>
      confirmSignIn({ challengeResponse: 'WEB_AUTHN' }),
    ),
  ).toEqual(done)
  await expectTokensOf(amplify, rider, site)
})

test('passkeys with Amplify: a deleted one is listed no more, and WEB_AUTHN leads to the choice of what is left', async ({
  page,
  site,
  rider,
}) => {
  const amplify = await openWithPasskey(page, site, rider, { staysSignedIn: true })
  for (const { credentialId } of await listPasskeys(amplify)) {
    if (credentialId === undefined) throw new Error('a passkey without an id')
    await amplify.evaluate(
      ({ deleteWebAuthnCredential }, id) => deleteWebAuthnCredential({ credentialId: id }),
      credentialId,
    )
  }
  expect(await listPasskeys(amplify)).toEqual([])
  await signOut(amplify)

  const { isSignedIn, nextStep } = await signInByPasskey(amplify, rider)
  expect(isSignedIn).toBe(false)
  expect(nextStep).toEqual({
    signInStep: 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
    availableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP'],
  })
  // The device still has it, and the user can go on by password.
  expect(await authenticator.listPasskeys()).toHaveLength(1)
  await amplify.evaluate(({ confirmSignIn }) =>
    confirmSignIn({ challengeResponse: 'PASSWORD_SRP' }),
  )
  expect(
    await amplify.evaluate(
      ({ confirmSignIn }, challengeResponse) => confirmSignIn({ challengeResponse }),
      rider.password,
    ),
  ).toEqual(done)
})

test('passkeys with Amplify: a user without a password signs up, is signed in by autoSignIn, and comes back by passkey', async ({
  page,
  site,
  rider,
}) => {
  const amplify = await openAmplifyPage(page)
  const { email: username } = rider
  const signedUp = await amplify.evaluate(
    ({ signUp }, email) =>
      signUp({
        username: email,
        options: { userAttributes: { email }, autoSignIn: { authFlowType: 'USER_AUTH' } },
      }),
    username,
  )
  expect(signedUp.nextStep).toMatchObject({ signUpStep: 'CONFIRM_SIGN_UP' })

  const confirmed = await amplify.evaluate(({ confirmSignUp }, typed) => confirmSignUp(typed), {
    username,
    confirmationCode: await site.pool.latestCodeFor(username),
  })
  expect(confirmed.nextStep).toMatchObject({ signUpStep: 'COMPLETE_AUTO_SIGN_IN' })
  expect(await amplify.evaluate((library) => library.autoSignIn())).toEqual(done)
  await expectTokensOf(amplify, rider, site)

  await addPasskey(amplify)
  await signOut(amplify)
  expect(await signInByPasskey(amplify, rider)).toEqual(done)
})
