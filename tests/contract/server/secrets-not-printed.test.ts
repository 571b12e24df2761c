/** Over all of a user's life nothing secret is printed or logged; a mailed code is, once, for its reader. */

import * as v from 'valibot'
import { expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { writeTemplate } from '../../support/template-file.ts'
import {
  ClientId,
  latestCodeFor,
  otherThan,
  rider,
  tokens,
  UserPoolId,
} from '../../support/users.ts'
import type { Answer } from '../../support/wire.ts'

const { username } = rider

/** Members of requests and answers whose values nobody else may see. */
const secretMembers =
  /password|token|session|secret|code$|signature|secret_block|^salt$|^srp_|claim/i
/** the same, which everybody may see */
const openMembers = new Set(['TokenType', 'CodeDeliveryDetails'])
/** too short to be told from anything else */
const shortest = 6

interface Witness {
  readonly secrets: ReadonlySet<string>
  call(operation: string, body: object, signed?: boolean): Promise<Answer>
}

/** Calls the server and remembers every secret that goes in or comes out. */
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
      const answer = await server.call(operation, body, { signed })
      collect(answer.body, false)
      return answer
    },
  }
}

function requireSignedIn({ body }: Answer): v.InferOutput<typeof tokens> {
  return v.parse(v.object({ AuthenticationResult: tokens }), body).AuthenticationResult
}

const withSession = v.object({ Session: v.string() })

test('from sign-up to the end of the account, mistakes and the owner among it', async () => {
  const server = await startLocalCloud({
    limits: noLimits,
    template: writeTemplate({
      pool: {
        AutoVerifiedAttributes: ['email'],
        MfaConfiguration: 'OPTIONAL',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      },
      client: {
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'],
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
    ConfirmationCode: otherThan(latestCodeFor(server, username)),
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

  const codes = new Set(server.store.listEmails(100).map(({ code }) => code))
  const printed = server.printed.filter((line) => !line.startsWith('mail to '))
  const log = await (await fetch(`${server.origin}/console/requests`)).text()
  expect(printed.length).toBeGreaterThan(25)
  expect(log).toContain('ConfirmForgotPassword')
  expect(secrets.size).toBeGreaterThan(30)
  expect([...secrets]).toContain('Wrong-Secret-3')
  expect([...secrets]).toContain(last.RefreshToken)
  for (const secret of [...secrets, ...codes]) {
    expect(printed.filter((line) => line.includes(secret))).toEqual([])
    if (secret.length > shortest) expect(log.includes(secret), secret).toBe(false)
  }
  for (const code of [signUpCode, resetCode]) {
    expect(server.printed.filter((line) => line.includes(code))).toHaveLength(1)
  }
})
