/** Creates users in the states that tests need. */

import * as v from 'valibot'
import type { OperationContext } from '../../src/local-cloud/user-pool/context.ts'
import { localPool } from '../../src/local-cloud/user-pool/local-pool.ts'
import { commit } from '../../src/local-cloud/user-pool/operations/operation.ts'
import { startSession } from '../../src/local-cloud/user-pool/sessions.ts'
import type { User } from '../../src/local-cloud/user-pool/store/store.ts'
import {
  type ApiResponse,
  type CallablePool,
  expectSuccess,
  type JsonObject,
} from './cognito-api.ts'

export const ClientId: string = localPool.userPoolClientId
export const UserPoolId: string = localPool.userPoolId

export interface Credentials {
  readonly username: string
  readonly password: string
}

export const rider: Credentials = { username: 'rider@example.com', password: 'Passw0rd!' }

/** SignUp as the site does it: the email address is the user name and gets the code. */
export async function signUpUser(
  pool: CallablePool,
  { username, password }: Credentials = rider,
): Promise<JsonObject> {
  const response = await pool.call('SignUp', {
    ClientId,
    Username: username,
    Password: password,
    UserAttributes: [{ Name: 'email', Value: username }],
  })
  expectSuccess(response)
  return response.body
}

/** Signs a user up and confirms them with the mailed code. */
export async function createConfirmedUser(
  pool: CallablePool,
  credentials: Credentials = rider,
): Promise<void> {
  await signUpUser(pool, credentials)
  const { username } = credentials
  expectSuccess(
    await pool.call('ConfirmSignUp', {
      ClientId,
      Username: username,
      ConfirmationCode: latestCodeFor(pool, username),
    }),
  )
}

/** The code in the newest email to `email`. */
export function latestCodeFor({ store }: CallablePool, email: string): string {
  const emails = store.listMessages(1000)
  const newest = emails.find(({ to }) => to === email)
  if (!newest) throw new Error(`expected an email to ${email}, there are ${emails.length}`)
  return newest.code
}

/** Six digits that are not `code`. */
export function differentCode(code: string): string {
  return code === '000000' ? '111111' : '000000'
}

export function requireStoredUser({ store }: CallablePool, username: string): User {
  const user = store.findUser(username)
  if (!user) throw new Error(`expected a user ${username}`)
  return user
}

/** Changes a user directly in the store. */
export function changeUser(pool: CallablePool, username: string, change: Partial<User>): void {
  pool.store.updateUser({ ...requireStoredUser(pool, username), ...change })
}

/** Requests a password reset. @returns the mailed code */
export async function requestPasswordReset(pool: CallablePool, username: string): Promise<string> {
  expectSuccess(await pool.call('ForgotPassword', { ClientId, Username: username }))
  return latestCodeFor(pool, username)
}

export const tokens = v.object({
  AccessToken: v.string(),
  IdToken: v.string(),
  RefreshToken: v.string(),
})
export type Tokens = v.InferOutput<typeof tokens>

const signedIn = v.object({ AuthenticationResult: tokens })

/**
 * Tokens as a sign-in gives them, without the third of a second that the client library computes; the
 * proof has its own tests.
 */
export async function startSessionFor(
  pool: CallablePool,
  username: string = rider.username,
): Promise<Tokens> {
  const user = requireStoredUser(pool, username)
  const body = await commit(pool, (context: OperationContext) =>
    startSession({ user, clientId: ClientId }, context),
  )
  return v.parse(signedIn, body).AuthenticationResult
}

/** Creates a confirmed user and a session. */
export async function createSignedInUser(
  pool: CallablePool,
  credentials: Credentials = rider,
): Promise<Tokens> {
  await createConfirmedUser(pool, credentials)
  return startSessionFor(pool, credentials.username)
}

const newTokens = v.object({
  AuthenticationResult: v.object({
    AccessToken: v.string(),
    IdToken: v.string(),
    RefreshToken: v.optional(v.string()),
  }),
})

/** Parses the tokens in a response of any operation. */
export function requireTokens({ body }: ApiResponse) {
  return v.parse(newTokens, body).AuthenticationResult
}
