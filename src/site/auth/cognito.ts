/**
 * The client library `amazon-cognito-identity-js`, wrapped once into promises. It does what it is good
 * at, the SRP proof and the calls around sign-up; it neither talks to the network nor keeps tokens.
 *
 * Loaded on demand: the pages work without it until a form is sent.
 */

import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type ICognitoStorage,
} from 'amazon-cognito-identity-js'
import type { CognitoConfig } from '../config.ts'
import { AuthError } from './auth-error.ts'
import type { Call } from './transport.ts'

export interface Tokens {
  readonly idToken: string
  readonly accessToken: string
  readonly refreshToken: string
}

export interface Cognito {
  signUp(account: { email: string; password: string }): Promise<void>
  confirmSignUp(confirmation: { username: string; code: string }): Promise<void>
  resendCode(user: { username: string }): Promise<void>
  /** @returns the tokens, and the user name as the pool has it */
  signIn(credentials: {
    username: string
    password: string
  }): Promise<Tokens & { username: string }>
  forgotPassword(user: { username: string }): Promise<void>
  confirmForgotPassword(reset: { username: string; code: string; password: string }): Promise<void>
}

type Callback = (error: unknown, result?: unknown) => void

/** @param call carries the library's requests; every promise here rejects with its `AuthError` */
export function createCognito(config: CognitoConfig, call: Call): Cognito {
  const pool = Object.assign(
    new CognitoUserPool({
      UserPoolId: config.userPoolId,
      ClientId: config.userPoolClientId,
      Storage: createMemoryStorage(),
      AdvancedSecurityDataCollectionFlag: false,
    }),
    { client: createClient(call) },
  )
  const toUser = (username: string) => {
    const user = new CognitoUser({
      Username: username,
      Pool: pool,
      Storage: createMemoryStorage(),
    })
    return Object.assign(user, { client: pool.client })
  }

  return {
    async signUp({ email, password }) {
      const attributes = [new CognitoUserAttribute({ Name: 'email', Value: email })]
      await settle((done) => pool.signUp(email, password, attributes, [], done))
    },
    async confirmSignUp({ username, code }) {
      await settle((done) => toUser(username).confirmRegistration(code, false, done))
    },
    async resendCode({ username }) {
      await settle((done) => toUser(username).resendConfirmationCode(done))
    },
    signIn({ username, password }) {
      const user = toUser(username)
      return new Promise((resolve, reject) => {
        user.authenticateUser(
          new AuthenticationDetails({ Username: username, Password: password }),
          {
            onSuccess: (session) =>
              resolve({
                idToken: session.getIdToken().getJwtToken(),
                accessToken: session.getAccessToken().getJwtToken(),
                refreshToken: session.getRefreshToken().getToken(),
                username: user.getUsername(),
              }),
            onFailure: reject,
          },
        )
      })
    },
    async forgotPassword({ username }) {
      await settle((done) =>
        toUser(username).forgotPassword({ onSuccess: () => done(null), onFailure: done }),
      )
    },
    async confirmForgotPassword({ username, code, password }) {
      await settle((done) =>
        toUser(username).confirmPassword(code, password, {
          onSuccess: () => done(null),
          onFailure: done,
        }),
      )
    },
  }
}

/** A callback as a promise. The first call counts: the library may report one act twice. */
function settle(start: (done: Callback) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()))
  })
}

/**
 * Stands in for the library's HTTP client. What the library would stumble over or store by half, a
 * challenge this site cannot answer or an answer of another shape, is refused here.
 */
function createClient(call: Call) {
  return {
    request(operation: string, parameters: unknown, callback: Callback): void {
      call(operation, parameters)
        .then((answer) => callback(null, requireExpected(operation, answer)))
        .catch((error: unknown) => callback(error))
    },
  }
}

/** Members that the library reads from an answer without looking. */
const expectedMembers: ReadonlyMap<
  string,
  { readonly inside: string; readonly members: readonly string[] }
> = new Map([
  [
    'InitiateAuth',
    {
      inside: 'ChallengeParameters',
      members: ['SALT', 'SRP_B', 'SECRET_BLOCK', 'USER_ID_FOR_SRP'],
    },
  ],
  [
    'RespondToAuthChallenge',
    { inside: 'AuthenticationResult', members: ['IdToken', 'AccessToken', 'RefreshToken'] },
  ],
])

/** @throws {AuthError} `unsupported-challenge` or `service-unavailable` */
function requireExpected(operation: string, answer: Readonly<Record<string, unknown>>) {
  const challenge = answer.ChallengeName
  if (challenge !== undefined && challenge !== 'PASSWORD_VERIFIER') {
    const message = `no page answers the challenge ${String(challenge)}`
    throw new AuthError('unsupported-challenge', message)
  }
  const expected = expectedMembers.get(operation)
  if (!expected) return answer
  const part = answer[expected.inside]
  const values: Readonly<Record<string, unknown>> =
    typeof part === 'object' && part !== null ? Object.fromEntries(Object.entries(part)) : {}
  if (expected.members.every((member) => typeof values[member] === 'string')) return answer
  throw new AuthError('service-unavailable', `${operation} answered without ${expected.inside}`)
}

/** The library wants a place for tokens; ours are kept by session.ts, all or none. */
function createMemoryStorage(): ICognitoStorage {
  const entries = new Map<string, string>()
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  }
}
