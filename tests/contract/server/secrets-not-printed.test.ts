/** Secrets in logs: over the life of an account none is printed or logged, but each mailed code is printed once. */

import * as v from 'valibot'
import { expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import type { ApiResponse } from '../../support/cognito-api.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { writeTemplate } from '../../support/template-file.ts'
import {
  ClientId,
  differentCode,
  latestCodeFor,
  rider,
  tokens,
  UserPoolId,
} from '../../support/users.ts'

const { username } = rider

/** Members of requests and responses whose values are secret. */
const secretMembers =
  /password|token|session|secret|code$|signature|secret_block|^salt$|^srp_|claim/i
/** members whose values are public */
const openMembers = new Set(['TokenType', 'CodeDeliveryDetails'])
/** too short to be searched for */
const shortest = 6

interface Witness {
  readonly secrets: ReadonlySet<string>
  call(operation: string, body: object, signed?: boolean): Promise<ApiResponse>
}

/** Calls the server and records every secret that is sent or received. */
function createWitness(server: LocalCloudServer): Witness {
  const secrets = new Set<string>()
  const collect = (value: unknown, isSecret: boolean): void => {
    if (typeof value === 'string') {
      if (isSecret && value.length >= shortest) secrets.add(value)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        const isOpen = openMembers.has(name)
        collect(member, !isOpen && (isSecret || secretMembers.test(name)))
      }
    }
  }
  return {
    secrets,
    async call(operation, body, signed = false) {
      collect(body, false)
      const response = await server.call(operation, body, { signed })
      collect(response.body, false)
      return response
    },
  }
}

function requireSignedIn({ body }: ApiResponse): v.InferOutput<typeof tokens> {
  return v.parse(v.object({ AuthenticationResult: tokens }), body).AuthenticationResult
}

const withSession = v.object({ Session: v.string() })

test('secrets in logs: from sign-up to deletion, with failures and IAM calls, none is printed or logged', async () => {
  const server = await startLocalCloud({
    limits: noLimits,
    template: writeTemplate({
      pool: {
        AutoVerifiedAttributes: ['email'],
        MfaConfiguration: 'OPTIONAL',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
        EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
      },
      client: {
        ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      },
    }),
  })
  const { secrets, call } = createWitness(server)
  const owner = { UserPoolId, Username: username }
  const user = { ClientId, Username: username }
  const signIn = (PASSWORD: string, name = username) =>
    call('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: name, PASSWORD },
    })
  const email = [{ Name: 'email', Value: username }]

  await call('SignUp', { ...user, Password: 'short', UserAttributes: email })
  await call('SignUp', { ...user, Password: 'First-Secret-1', UserAttributes: email })
  await call('SignUp', { ...user, Password: 'Second-Secret-2', UserAttributes: email })
  await call('ConfirmSignUp', {
    ...user,
    ConfirmationCode: differentCode(latestCodeFor(server, username)),
  })
  await signIn('First-Secret-1')
  const signUpCode = latestCodeFor(server, username)
  await call('ConfirmSignUp', { ...user, ConfirmationCode: signUpCode })
  await signIn('Wrong-Secret-1')
  await signIn('Wrong-Secret-1', 'nobody')
  const { AccessToken, RefreshToken } = requireSignedIn(await signIn('First-Secret-1'))
  await call('ChangePassword', {
    AccessToken,
    PreviousPassword: 'Wrong-Secret-3',
    ProposedPassword: 'Third-Secret-3',
  })
  await call('ChangePassword', {
    AccessToken,
    PreviousPassword: 'First-Secret-1',
    ProposedPassword: 'Third-Secret-3',
  })
  await call('GetTokensFromRefreshToken', { ClientId, RefreshToken })
  await call('GetTokensFromRefreshToken', { ClientId, RefreshToken })
  await call('GetUser', { AccessToken: `${AccessToken}x` })
  const again = requireSignedIn(await signIn('Third-Secret-3'))
  await call('AssociateSoftwareToken', { AccessToken: again.AccessToken })
  await call('VerifySoftwareToken', { AccessToken: again.AccessToken, UserCode: '123456' })
  await call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: username, SRP_A: 'a5'.repeat(384) },
  })
  const userAuth = (parameters: object, members: object = {}) =>
    call('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: username, ...parameters },
      ...members,
    })
  const answer = (ChallengeName: string, session: unknown, responses: object) =>
    call('RespondToAuthChallenge', {
      ClientId,
      ChallengeName,
      Session: v.parse(withSession, session).Session,
      ChallengeResponses: { USERNAME: username, ...responses },
    })
  const selection = await userAuth({})
  const emailed = await answer('SELECT_CHALLENGE', selection.body, { ANSWER: 'EMAIL_OTP' })
  const signInCode = latestCodeFor(server, username)
  await answer('EMAIL_OTP', emailed.body, { EMAIL_OTP_CODE: '87654321' })
  requireSignedIn(await answer('EMAIL_OTP', emailed.body, { EMAIL_OTP_CODE: signInCode }))
  await userAuth({ PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'Wrong-Secret-7' })
  await userAuth({ PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A: 'a6'.repeat(384) })
  await userAuth({}, { Session: v.parse(withSession, selection.body).Session })
  const EmailMfaSettings = { Enabled: true }
  await call('SetUserMFAPreference', { AccessToken: again.AccessToken, EmailMfaSettings })
  const mfa = await signIn('Third-Secret-3')
  const mfaCode = latestCodeFor(server, username)
  await answer('EMAIL_OTP', mfa.body, { EMAIL_OTP_CODE: mfaCode })
  const off = { EmailMfaSettings: { Enabled: false } }
  await call('SetUserMFAPreference', { AccessToken: again.AccessToken, ...off })
  await call('ForgotPassword', user)
  const resetCode = latestCodeFor(server, username)
  await call('ConfirmForgotPassword', {
    ...user,
    ConfirmationCode: resetCode,
    Password: 'Fourth-Secret-4',
  })
  await call('AdminSetUserPassword', { ...owner, Password: 'Fifth-Secret-5' }, true)
  const { Session } = v.parse(withSession, (await signIn('Fifth-Secret-5')).body)
  await call('RespondToAuthChallenge', {
    ClientId,
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session,
    ChallengeResponses: { USERNAME: username, NEW_PASSWORD: 'Sixth-Secret-6' },
  })
  const last = requireSignedIn(await signIn('Sixth-Secret-6'))
  await call('RevokeToken', { ClientId, Token: last.RefreshToken })
  await call('AdminDeleteUser', owner, true)
  await signIn('Sixth-Secret-6')

  const codes = new Set(server.store.listMessages(100).map(({ code }) => code))
  const printed = server.printed.filter((line) => !line.startsWith('Email to '))
  const log = await (await fetch(`${server.origin}/console/requests`)).text()
  expect(printed.length).toBeGreaterThan(25)
  expect(log.replaceAll('<wbr>', '')).toContain('ConfirmForgotPassword')
  expect(secrets.size).toBeGreaterThan(30)
  expect([...secrets]).toContain('Wrong-Secret-3')
  expect([...secrets]).toContain(last.RefreshToken)
  for (const secret of [...secrets, ...codes]) {
    expect(printed.filter((line) => line.includes(secret))).toEqual([])
    if (secret.length > shortest) expect(log.includes(secret), secret).toBe(false)
  }
  for (const code of [signUpCode, signInCode, mfaCode, resetCode]) {
    expect(server.printed.filter((line) => line.includes(code))).toHaveLength(1)
  }
})
