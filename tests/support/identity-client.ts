/** The published client library with promises, a storage of its own for each client. */

import {
  AuthenticationDetails,
  CognitoRefreshToken,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
  type ICognitoStorage,
  type ISignUpResult,
} from 'amazon-cognito-identity-js'
import { ClientId, type Credentials, UserPoolId } from './users.ts'

export interface IdentityClient {
  readonly storage: ReadonlyMap<string, string>
  /** With the user name as e-mail address, as the site does it. */
  signUp(credentials: Credentials): Promise<ISignUpResult>
  confirm(confirmation: { username: string; code: string }): Promise<unknown>
  resendCode(username: string): Promise<unknown>
  forgotPassword(username: string): Promise<unknown>
  confirmPassword(reset: Credentials & { code: string }): Promise<string>
  /** SRP: the password stays here. */
  signIn(credentials: Credentials): Promise<SignedInUser>
}

export interface SignedInUser {
  readonly session: CognitoUserSession
  refresh(): Promise<CognitoUserSession>
  attributes(): Promise<readonly CognitoUserAttribute[]>
  globalSignOut(): Promise<string>
  /** Revokes the refresh token and clears the storage. */
  signOut(): Promise<void>
}

export function createIdentityClient(endpoint: string): IdentityClient {
  const storage = new Map<string, string>()
  const Storage: ICognitoStorage = {
    getItem: (key) => storage.get(key) ?? null,
    setItem: (key, value) => storage.set(key, value),
    removeItem: (key) => storage.delete(key),
    clear: () => storage.clear(),
  }
  const pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint, Storage })
  const toUser = (username: string) => new CognitoUser({ Username: username, Pool: pool, Storage })

  return {
    storage,
    signUp: ({ username, password }) =>
      toPromise((settle) =>
        pool.signUp(
          username,
          password,
          [new CognitoUserAttribute({ Name: 'email', Value: username })],
          [],
          settle,
        ),
      ),
    confirm: ({ username, code }) =>
      toPromise((settle) => toUser(username).confirmRegistration(code, false, settle)),
    resendCode: (username) =>
      toPromise((settle) => toUser(username).resendConfirmationCode(settle)),
    forgotPassword: (username) =>
      new Promise((onSuccess, onFailure) =>
        toUser(username).forgotPassword({ onSuccess, onFailure }),
      ),
    confirmPassword: ({ username, password, code }) =>
      new Promise((onSuccess, onFailure) =>
        toUser(username).confirmPassword(code, password, { onSuccess, onFailure }),
      ),
    async signIn({ username, password }) {
      const user = toUser(username)
      const details = new AuthenticationDetails({ Username: username, Password: password })
      const session = await new Promise<CognitoUserSession>((onSuccess, onFailure) =>
        user.authenticateUser(details, { onSuccess, onFailure }),
      )
      return toSignedInUser(user, session)
    },
  }
}

function toSignedInUser(user: CognitoUser, session: CognitoUserSession): SignedInUser {
  const refreshToken = new CognitoRefreshToken({
    RefreshToken: session.getRefreshToken().getToken(),
  })
  return {
    session,
    refresh: () => toPromise((settle) => user.refreshSession(refreshToken, settle)),
    attributes: () => toPromise((settle) => user.getUserAttributes(settle)),
    globalSignOut: () =>
      new Promise((onSuccess, onFailure) => user.globalSignOut({ onSuccess, onFailure })),
    signOut: () => new Promise((resolve) => user.signOut(() => resolve())),
  }
}

function toPromise<Result>(
  start: (settle: (error?: Error | null, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    start((error, result) => {
      if (error || result === undefined) reject(error ?? new Error('expected a result'))
      else resolve(result)
    })
  })
}
