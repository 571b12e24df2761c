/** CustomMessage: a function writes the emails of the pool. */

import { describe, expect, test } from 'vitest'
import type {
  TriggerEvents,
  TriggerHandler,
} from '../../../src/local-cloud/user-pool/triggers/trigger-events.ts'
import { expectSuccess } from '../../support/cognito-api.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { withEmailCodes } from '../../support/user-auth.ts'
import {
  ClientId,
  createConfirmedUser,
  createSignedInUser,
  requireStoredUser,
  rider,
  signUpUser,
  UserPoolId,
} from '../../support/users.ts'

type CustomMessageEvent = TriggerEvents['CustomMessage']

/** A function that keeps its events, and answers each with a text. */
function createWriter(
  write: (event: CustomMessageEvent) => Partial<CustomMessageEvent['response']>,
) {
  const events: CustomMessageEvent[] = []
  const handler: TriggerHandler<CustomMessageEvent> = async (event) => {
    events.push(structuredClone(event))
    return { ...event, response: { ...event.response, ...write(event) } }
  }
  return { events, triggers: { CustomMessage: handler } }
}

describe('CustomMessage', () => {
  test("CustomMessage gets Cognito's event for SignUp, with ClientMetadata", async () => {
    const { events, triggers } = createWriter(() => ({}))
    const pool = await createTestPool({}, { triggers })
    expectSuccess(
      await pool.call('SignUp', {
        ClientId,
        Username: rider.username,
        Password: rider.password,
        UserAttributes: [{ Name: 'email', Value: rider.username }],
        ClientMetadata: { language: 'de' },
      }),
    )
    const { sub } = requireStoredUser(pool, rider.username)

    expect(events).toEqual([
      {
        version: '1',
        triggerSource: 'CustomMessage_SignUp',
        region: 'us-east-1',
        userPoolId: UserPoolId,
        userName: rider.username,
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ClientId },
        request: {
          userAttributes: {
            sub,
            'cognito:user_status': 'UNCONFIRMED',
            email: rider.username,
            email_verified: 'false',
          },
          clientMetadata: { language: 'de' },
          codeParameter: '{####}',
          linkParameter: '{##Click Here##}',
          usernameParameter: null,
        },
        response: { smsMessage: null, emailMessage: null, emailSubject: null },
      },
    ])
  })

  test('CustomMessage writes subject and text, and the code stands where its parameter does', async () => {
    const { triggers } = createWriter(({ request }) => ({
      emailSubject: 'Willkommen',
      emailMessage: `Dein Code: ${request.codeParameter}`,
    }))
    const pool = await createTestPool({}, { triggers })
    await signUpUser(pool)

    const [email, ...others] = pool.sentEmails
    expect(others).toEqual([])
    expect(email).toMatchObject({ subject: 'Willkommen', text: `Dein Code: ${email?.code}` })
  })

  test("CustomMessage whose text has no place for the code: the pool's text is sent, under its subject", async () => {
    const { triggers } = createWriter(() => ({ emailSubject: 'Hallo', emailMessage: 'Kein Code' }))
    const pool = await createTestPool({}, { triggers })
    await signUpUser(pool)

    const [email] = pool.sentEmails
    expect(email?.subject).toBe('Hallo')
    expect(email?.text).toContain(`<h2>${email?.code}</h2>`)
    expect(pool.logEntries.at(-1)?.triggerCalls).toMatchObject([
      { note: 'emailMessage has no {####}, so that the text of the pool is sent.' },
    ])
  })

  test('CustomMessage that leaves the event as it is changes nothing', async () => {
    const { triggers } = createWriter(() => ({}))
    const pool = await createTestPool({}, { triggers })
    const plain = await createTestPool()
    await signUpUser(pool)
    await signUpUser(plain)
    const withoutCode = ({ text, code }: { text: string; code: string }) =>
      text.replaceAll(code, '{####}')

    expect(pool.sentEmails.map(withoutCode)).toEqual(plain.sentEmails.map(withoutCode))
  })

  test('CustomMessage writes the email with a sign-in code, and is not asked for a name that nobody has', async () => {
    const { events, triggers } = createWriter(({ request }) => ({
      emailMessage: `Sign in: ${request.codeParameter}`,
    }))
    const pool = await createTestPool(withEmailCodes, { triggers })
    await createConfirmedUser(pool)
    events.length = 0
    for (const USERNAME of [rider.username, 'nobody@example.com']) {
      expectSuccess(
        await pool.call('InitiateAuth', {
          ClientId,
          AuthFlow: 'USER_AUTH',
          AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'EMAIL_OTP' },
          ClientMetadata: { language: 'de' },
        }),
      )
    }

    expect(events).toMatchObject([
      { triggerSource: 'CustomMessage_Authentication', userName: rider.username },
    ])
    // On AWS, the ClientMetadata of InitiateAuth does not come to this trigger.
    expect(events[0]?.request).not.toHaveProperty('clientMetadata')
    const email = pool.sentEmails.at(-1)
    expect(email?.text).toBe(`Sign in: ${email?.code}`)
    expect(email?.code).toMatch(/^[0-9]{8}$/)
  })

  test('CustomMessage writes the email with a link, and the link stands where its parameter does', async () => {
    const verificationLink = { subject: 'Link', text: '{##Here##}' }
    const { triggers } = createWriter(({ request }) => ({
      emailSubject: 'Willkommen',
      emailMessage: `Weiter: ${request.linkParameter}`,
    }))
    const pool = await createTestPool({ verificationLink }, { triggers })
    await signUpUser(pool)

    const [email] = pool.sentEmails
    expect(email?.subject).toBe('Willkommen')
    expect(email?.text).toMatch(/^Weiter: <a href="[^"]*\/confirmUser\?[^"]*">Click Here<\/a>$/)
  })

  test("CustomMessage whose email has a code and no link, where a link confirms: the pool's link is sent", async () => {
    const verificationLink = { subject: 'Link', text: '{##Here##}' }
    const { triggers } = createWriter(({ request }) => ({
      emailMessage: `Dein Code: ${request.codeParameter}`,
    }))
    const pool = await createTestPool({ verificationLink }, { triggers })
    await signUpUser(pool)

    expect(pool.sentEmails[0]?.text).toContain('>Here</a>')
    expect(pool.logEntries.at(-1)?.triggerCalls).toMatchObject([
      { note: 'emailMessage has no {##Click Here##}, so that the text of the pool is sent.' },
    ])
  })

  test.each([
    ['ResendConfirmationCode', 'CustomMessage_ResendCode'],
    ['ForgotPassword', 'CustomMessage_ForgotPassword'],
    ['AdminResetUserPassword', 'CustomMessage_ForgotPassword'],
    ['AdminCreateUser', 'CustomMessage_AdminCreateUser'],
    ['UpdateUserAttributes', 'CustomMessage_UpdateUserAttribute'],
    ['GetUserAttributeVerificationCode', 'CustomMessage_VerifyUserAttribute'],
  ])('CustomMessage is asked by %s as %s', async (operation, triggerSource) => {
    const { events, triggers } = createWriter(({ request }) => ({
      emailMessage: `For ${request.usernameParameter ?? 'you'}: ${request.codeParameter}`,
    }))
    const pool = await createTestPool({}, { triggers })
    const admin = { UserPoolId, Username: rider.username }
    const own = { ClientId, Username: rider.username }
    const bodies: Readonly<Record<string, () => Promise<object>>> = {
      ResendConfirmationCode: async () => {
        await signUpUser(pool)
        return own
      },
      ForgotPassword: async () => {
        await createConfirmedUser(pool)
        return own
      },
      AdminResetUserPassword: async () => {
        await createConfirmedUser(pool)
        return admin
      },
      AdminCreateUser: async () => ({
        ...admin,
        UserAttributes: [{ Name: 'email', Value: rider.username }],
      }),
      UpdateUserAttributes: async () => {
        const { AccessToken } = await createSignedInUser(pool)
        const email = { Name: 'email', Value: 'other@example.com' }
        return { AccessToken, UserAttributes: [email] }
      },
      GetUserAttributeVerificationCode: async () => {
        const { AccessToken } = await createSignedInUser(pool)
        return { AccessToken, AttributeName: 'email' }
      },
    }
    const body = await bodies[operation]?.()
    events.length = 0
    const isAdmin = operation.startsWith('Admin')
    expectSuccess(await pool.call(operation, body, { signed: isAdmin }))

    expect(events.map((event) => event.triggerSource)).toEqual([triggerSource])
    const email = pool.sentEmails.at(-1)
    const name = operation === 'AdminCreateUser' ? rider.username : 'you'
    expect(email?.text).toBe(`For ${name}: ${email?.code}`)
    expect(events[0]?.callerContext.clientId).toBe(isAdmin ? 'CLIENT_ID_NOT_APPLICABLE' : ClientId)
  })
})
