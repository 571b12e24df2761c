/** Calls the local pool and its console: to create users and to read their email. */

import * as v from 'valibot'
import type { InboxMessage } from '../../../src/local-cloud/inbox-message.ts'
import { localPool } from '../../../src/local-cloud/user-pool/local-pool.ts'
import { createSrpClient } from '../../bench/srp-client.ts'

export const ClientId: string = localPool.userPoolClientId
export const UserPoolId: string = localPool.userPoolId

export interface PoolClient {
  call(operation: string, body: Readonly<Record<string, unknown>>): Promise<PoolResponse>
  registerUser(user: { email: string; password: string }): Promise<void>
  /** Registers and confirms with the emailed code. */
  createConfirmedUser(user: { email: string; password: string }): Promise<void>
  /** Creates a user with a temporary password, as an operator does. */
  createInvitedUser(user: { email: string; password: string }): Promise<void>
  /** Signs in by SRP. @throws {Error} when the pool asks for more than the password */
  signIn(user: { email: string; password: string }): Promise<Session>
  latestCodeFor(email: string): Promise<string>
  emailsTo(email: string): Promise<readonly InboxMessage[]>
  statusOf(username: string): Promise<string>
  hasUser(username: string): Promise<boolean>
  refresh(refreshToken: string): Promise<PoolResponse>
  subOf(username: string): Promise<string>
  advanceClock(seconds: number): Promise<void>
}

export interface PoolResponse {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface Session {
  /** the user name as the pool has it */
  readonly username: string
  readonly idToken: string
  readonly accessToken: string
  readonly refreshToken: string
}

const userWithAttributes = v.object({
  UserAttributes: v.array(v.object({ Name: v.string(), Value: v.string() })),
})

const passwordChallenge = v.object({
  ChallengeParameters: v.object({
    SALT: v.string(),
    SRP_B: v.string(),
    SECRET_BLOCK: v.string(),
    USER_ID_FOR_SRP: v.string(),
  }),
})

const signedIn = v.object({
  AuthenticationResult: v.object({
    IdToken: v.string(),
    AccessToken: v.string(),
    RefreshToken: v.string(),
  }),
})

export function createPoolClient(origin: string): PoolClient {
  async function call(
    operation: string,
    body: Readonly<Record<string, unknown>>,
  ): Promise<PoolResponse> {
    const response = await fetch(`${origin}/cognito-idp/`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
        // Admin operations must be signed; the local pool does not check the signature.
        ...(/^(Admin|List)/.test(operation) && {
          Authorization: 'AWS4-HMAC-SHA256 Credential=test',
        }),
      },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }

  async function mustCall(operation: string, body: Readonly<Record<string, unknown>>) {
    const answer = await call(operation, body)
    if (answer.status !== 200) {
      throw new Error(`${operation} answered ${JSON.stringify(answer)}`)
    }
    return answer.body
  }

  async function emailsTo(email: string): Promise<readonly InboxMessage[]> {
    const response = await fetch(`${origin}/console/inbox.json`)
    const { messages }: { messages: readonly InboxMessage[] } = await response.json()
    return messages.filter(({ to }) => to === email)
  }

  async function latestCodeFor(email: string): Promise<string> {
    const [message] = await emailsTo(email)
    if (!message) throw new Error(`the inbox has no email to ${email}`)
    return message.code
  }

  async function registerUser({ email, password }: { email: string; password: string }) {
    await mustCall('SignUp', {
      ClientId,
      Username: email,
      Password: password,
      UserAttributes: [{ Name: 'email', Value: email }],
    })
  }

  const getUser = (username: string) => mustCall('AdminGetUser', { UserPoolId, Username: username })

  return {
    call,
    registerUser,
    async createConfirmedUser(user) {
      await registerUser(user)
      await mustCall('ConfirmSignUp', {
        ClientId,
        Username: user.email,
        ConfirmationCode: await latestCodeFor(user.email),
      })
    },
    async createInvitedUser({ email, password }) {
      await mustCall('AdminCreateUser', {
        UserPoolId,
        Username: email,
        TemporaryPassword: password,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
      })
    },
    async signIn({ email, password }) {
      const client = createSrpClient(UserPoolId.replace(/^.*?_/, ''))
      const { ChallengeParameters } = v.parse(
        passwordChallenge,
        await mustCall('InitiateAuth', {
          ClientId,
          AuthFlow: 'USER_SRP_AUTH',
          AuthParameters: { USERNAME: email, SRP_A: client.srpA },
        }),
      )
      const { AuthenticationResult } = v.parse(
        signedIn,
        await mustCall('RespondToAuthChallenge', {
          ClientId,
          ChallengeName: 'PASSWORD_VERIFIER',
          ChallengeResponses: client.answer(ChallengeParameters, password),
        }),
      )
      return {
        username: ChallengeParameters.USER_ID_FOR_SRP,
        idToken: AuthenticationResult.IdToken,
        accessToken: AuthenticationResult.AccessToken,
        refreshToken: AuthenticationResult.RefreshToken,
      }
    },
    latestCodeFor,
    emailsTo,
    async statusOf(username) {
      return String((await getUser(username)).UserStatus)
    },
    async hasUser(username) {
      return (await call('AdminGetUser', { UserPoolId, Username: username })).status === 200
    },
    refresh: (RefreshToken) => call('GetTokensFromRefreshToken', { ClientId, RefreshToken }),
    async subOf(username) {
      const { UserAttributes } = v.parse(userWithAttributes, await getUser(username))
      return UserAttributes.find(({ Name }) => Name === 'sub')?.Value ?? ''
    },
    async advanceClock(seconds) {
      const response = await fetch(`${origin}/console/clock`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ advanceSeconds: seconds }),
      })
      if (!response.ok) throw new Error(`the clock did not move: ${await response.text()}`)
    },
  }
}
