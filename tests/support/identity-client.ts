/** The published client library with promises, a storage of its own for each client. */

import {
  AuthenticationDetails,
  CognitoRefreshToken,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
  type IAuthenticationCallback,
  type ICognitoStorage,
  type ISignUpResult,
} from 'amazon-cognito-identity-js'
import { ClientId, type Credentials, UserPoolId } from './users.ts'

/** The library's own pool, and its users over one storage. */
export interface IdentityPool {
  readonly pool: CognitoUserPool
  readonly storage: ReadonlyMap<string, string>
  createUser(username: string): CognitoUser
}

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

export function openIdentityPool(endpoint: string): IdentityPool {
  const storage = new Map<string, string>()
  const Storage: ICognitoStorage = {
    getItem: (key) => storage.get(key) ?? null,
    setItem: (key, value) => storage.set(key, value),
    removeItem: (key) => storage.delete(key),
    clear: () => storage.clear(),
  }
  const pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint, Storage })
  return {
    pool,
    storage,
    createUser: (username) => new CognitoUser({ Username: username, Pool: pool, Storage }),
  }
}

export function createIdentityClient(endpoint: string): IdentityClient {
  const { pool, storage, createUser } = openIdentityPool(endpoint)

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
      toPromise((settle) => createUser(username).confirmRegistration(code, false, settle)),
    resendCode: (username) =>
      toPromise((settle) => createUser(username).resendConfirmationCode(settle)),
    forgotPassword: (username) =>
      fromHandlers((handlers) => createUser(username).forgotPassword(handlers)),
    confirmPassword: ({ username, password, code }) =>
      fromHandlers((handlers) => createUser(username).confirmPassword(code, password, handlers)),
    async signIn(credentials) {
      const user = createUser(credentials.username)
      const session = await fromHandlers<CognitoUserSession>((handlers) =>
        user.authenticateUser(toDetails(credentials), handlers),
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
    globalSignOut: () => fromHandlers((handlers) => user.globalSignOut(handlers)),
    signOut: () => new Promise((resolve) => user.signOut(() => resolve())),
  }
}

export function toDetails({ username, password }: Credentials): AuthenticationDetails {
  return new AuthenticationDetails({ Username: username, Password: password })
}

/** How far a sign-in has come. */
export type SignInStep =
  | { readonly kind: 'signed-in'; readonly session: CognitoUserSession }
  | {
      readonly kind: 'new-password-required'
      readonly userAttributes: unknown
      readonly requiredAttributes: unknown
    }
  | { readonly kind: 'totp-required'; readonly parameters: unknown }
  | { readonly kind: 'sms-code-required'; readonly parameters: unknown }
  | { readonly kind: 'mfa-setup'; readonly parameters: unknown }
  | { readonly kind: 'other-challenge' }

/** Goes one step of a sign-in, whatever it leads to. */
export function takeStep(start: (handlers: IAuthenticationCallback) => void): Promise<SignInStep> {
  return new Promise((resolve, onFailure) => {
    const onOther = () => resolve({ kind: 'other-challenge' })
    start({
      onFailure,
      onSuccess: (session) => resolve({ kind: 'signed-in', session }),
      newPasswordRequired: (userAttributes: unknown, requiredAttributes: unknown) =>
        resolve({ kind: 'new-password-required', userAttributes, requiredAttributes }),
      totpRequired: (_, parameters: unknown) => resolve({ kind: 'totp-required', parameters }),
      mfaSetup: (_, parameters: unknown) => resolve({ kind: 'mfa-setup', parameters }),
      mfaRequired: (_, parameters: unknown) => resolve({ kind: 'sms-code-required', parameters }),
      selectMFAType: onOther,
      customChallenge: onOther,
    })
  })
}

/** For the methods that take one function with an error and a result. */
export function toPromise<Result>(
  start: (settle: (error?: Error | null, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    start((error, result) => {
      if (error || result === undefined) reject(error ?? new Error('expected a result'))
      else resolve(result)
    })
  })
}

/** For the methods that take an object of two functions. */
export function fromHandlers<Result>(
  start: (handlers: {
    onSuccess: (result: Result) => void
    onFailure: (error: unknown) => void
  }) => void,
): Promise<Result> {
  return new Promise((onSuccess, onFailure) => start({ onSuccess, onFailure }))
}
