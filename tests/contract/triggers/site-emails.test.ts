/** The function that writes the site's emails, as the local pool's CustomMessage trigger. */

import { describe, expect, test } from 'vitest'
import { createCustomMessageHandler } from '../../../src/aws/custom-message/handler.ts'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { expectSuccess } from '../../support/cognito-api.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  initiateUserAuth,
  requireUserAuthChallenge,
  withEmailCodes,
} from '../../support/user-auth.ts'
import {
  ClientId,
  createConfirmedUser,
  createSignedInUser,
  rider,
  signUpUser,
  UserPoolId,
} from '../../support/users.ts'

const origin = 'https://rides.example.com'
const address = encodeURIComponent(rider.username)
const german = { clientMetadata: { ClientMetadata: { locale: 'de' } }, folder: '/de' }

const handler = createCustomMessageHandler({
  siteUrl: () => origin,
  languages: [
    {
      lang: 'de',
      dir: 'ltr',
      texts: {
        'The code works for 24 hours.': 'Der Code gilt 24 Stunden.',
        'Your Wild Rydes sign-in code': 'Dein Anmeldecode',
      },
    },
  ],
})

function createPool(overrides: Partial<UserPoolSettings> = {}): Promise<TestPool> {
  return createTestPool(overrides, { triggers: { CustomMessage: handler } })
}

/** The newest email: its subject, code and text, and where its link leads. */
function readNewest({ sentEmails }: TestPool) {
  const email = sentEmails.at(-1)
  if (!email) throw new Error('expected an email')
  const [, href] = /<a href="([^"]*)">/.exec(email.text) ?? []
  return { ...email, url: href?.replaceAll('&amp;', '&') }
}

describe('emails of the site', () => {
  test('SignUp and ResendConfirmationCode: the link leads to the verify page with code and address', async () => {
    const pool = await createPool()
    await signUpUser(pool)
    const first = readNewest(pool)
    expect(first.subject).toBe('Verify your email for Wild Rydes')
    expect(first.text).toContain(`<h2><bdi dir="ltr">${first.code}</bdi></h2>`)
    expect(first.url).toBe(`${origin}/verify.html#code=${first.code}&email=${address}`)

    const own = { ClientId, Username: rider.username }
    expectSuccess(await pool.call('ResendConfirmationCode', { ...own, ...german.clientMetadata }))
    const second = readNewest(pool)
    expect(second.url).toBe(`${origin}/de/verify.html#code=${second.code}&email=${address}`)
    expect(second.text).toContain('Der Code gilt 24 Stunden.')
  })

  test('SignUp in a pool that signs in by email: the link has the address, and no sub', async () => {
    const pool = await createPool({ usernameModel: 'email' })
    await signUpUser(pool)
    const { code, url } = readNewest(pool)
    expect(url).toBe(`${origin}/verify.html#code=${code}&email=${address}`)
  })

  test('ForgotPassword: the link leads to the reset, in the language of the page', async () => {
    const pool = await createPool()
    await createConfirmedUser(pool)
    const body = { ClientId, Username: rider.username, ...german.clientMetadata }
    expectSuccess(await pool.call('ForgotPassword', body))
    const { code, subject, url } = readNewest(pool)
    expect(subject).toBe('Reset your Wild Rydes password')
    expect(url).toBe(`${origin}/de/forgot.html#code=${code}&email=${address}`)
    expectSuccess(
      await pool.call('ConfirmForgotPassword', {
        ClientId,
        Username: rider.username,
        ConfirmationCode: code,
        Password: 'Pegasus-5678',
      }),
    )
  })

  test('UpdateUserAttributes and GetUserAttributeVerificationCode: the link leads to the account page with the code', async () => {
    const pool = await createPool()
    const { AccessToken } = await createSignedInUser(pool)
    const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
    expectSuccess(await pool.call('UpdateUserAttributes', { AccessToken, UserAttributes }))
    const changed = readNewest(pool)
    expect(changed).toMatchObject({
      to: 'new@example.com',
      subject: 'Verify your new email for Wild Rydes',
      url: `${origin}/account.html#code=${changed.code}`,
    })

    const body = { AccessToken, AttributeName: 'email', ...german.clientMetadata }
    expectSuccess(await pool.call('GetUserAttributeVerificationCode', body))
    const { code, subject, url } = readNewest(pool)
    expect(subject).toBe('Verify your email for Wild Rydes')
    expect(url).toBe(`${origin}/de/account.html#code=${code}`)
    const verified = { AccessToken, AttributeName: 'email', Code: code }
    expectSuccess(await pool.call('VerifyUserAttribute', verified))
  })

  test('AdminCreateUser and AdminResetUserPassword: no page asks, so the language is that of the user', async () => {
    const pool = await createPool()
    const admin = { UserPoolId, Username: rider.username }
    const UserAttributes = [
      { Name: 'email', Value: rider.username },
      { Name: 'locale', Value: 'de_AT' },
    ]
    const created = { ...admin, UserAttributes }
    expectSuccess(await pool.call('AdminCreateUser', created, { signed: true }))
    const invitation = readNewest(pool)
    expect(invitation.subject).toBe('Your Wild Rydes account')
    expect(invitation.text).toContain(`<bdi dir="ltr">${rider.username}</bdi>`)
    expect(invitation.text).toContain(`<bdi dir="ltr">${invitation.code}</bdi>`)
    expect(invitation.url).toBe(`${origin}/de/signin.html`)
  })
})

test('EMAIL_OTP: the code signs in, in the language of the user, and the email has no link', async () => {
  const pool = await createPool(withEmailCodes)
  const email = { ClientId, Username: rider.username, Password: rider.password }
  const UserAttributes = [
    { Name: 'email', Value: rider.username },
    { Name: 'locale', Value: 'de' },
  ]
  expectSuccess(await pool.call('SignUp', { ...email, UserAttributes }))
  const ConfirmationCode = readNewest(pool).code
  const confirmed = { ClientId, Username: rider.username, ConfirmationCode }
  expectSuccess(await pool.call('ConfirmSignUp', confirmed))

  const response = await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
  const { Session } = requireUserAuthChallenge(response)
  const { code, text, subject, url } = readNewest(pool)
  expect(subject).toBe('Dein Anmeldecode')
  expect(text).toMatch(/^<div lang="de" dir="ltr">/)
  expect(text).toContain(`<bdi dir="ltr">${code}</bdi>`)
  expect(url).toBeUndefined()
  expectSuccess(
    await pool.call('RespondToAuthChallenge', {
      ClientId,
      ChallengeName: 'EMAIL_OTP',
      Session,
      ChallengeResponses: { USERNAME: rider.username, EMAIL_OTP_CODE: code },
    }),
  )
})

test('the language of a sign-up may be kept in the pool of the site', async () => {
  const pool = await createPool({ writeAttributes: new Set(['email', 'locale']) })
  const body = {
    ClientId,
    Username: rider.username,
    Password: rider.password,
    UserAttributes: [
      { Name: 'email', Value: rider.username },
      { Name: 'locale', Value: 'de' },
    ],
  }
  expectSuccess(await pool.call('SignUp', body))
  expect(readNewest(pool).url).toMatch(/\/de\/verify\.html#/)
})
