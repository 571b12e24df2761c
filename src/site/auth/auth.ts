/** Accounts and sign-in, as the pages see them. Which service is behind it, only this folder knows. */

import { type Config, config } from '../config.ts'
import { AuthError } from './auth-error.ts'
import type { Cognito } from './cognito.ts'
import { createSessions, type Session } from './session.ts'
import { createCall, timeLimitMs } from './transport.ts'

export type SignUpOutcome =
  /** registered; a code is on its way */
  | { readonly kind: 'code-sent' }
  /** somebody has registered this address before */
  | { readonly kind: 'account-exists' }

export type ConfirmOutcome =
  | { readonly kind: 'confirmed' }
  /** nothing was left to confirm */
  | { readonly kind: 'already-confirmed' }

export type SignInOutcome =
  | { readonly kind: 'signed-in' }
  /** the address is not confirmed yet */
  | { readonly kind: 'unverified' }
  /** the operator asks for a new password first */
  | { readonly kind: 'reset-required' }

export interface Auth {
  /** @throws {AuthError} `password-rejected`, `invalid-input`, `sign-up-closed`, or no answer */
  signUp(account: { email: string; password: string }): Promise<SignUpOutcome>
  /** @throws {AuthError} `code-mismatch`, `code-expired`, `limit-exceeded`, or no answer */
  confirmSignUp(confirmation: { email: string; code: string }): Promise<ConfirmOutcome>
  /** @throws {AuthError} `limit-exceeded`, or no answer */
  resendCode(address: { email: string }): Promise<void>
  /**
   * Proves the password by SRP and keeps the tokens; the password stays in this browser.
   *
   * @param credentials `lasting` keeps the rider signed in when the tab is closed
   * @throws {AuthError} `incorrect-credentials`, `attempts-exceeded`, `storage-unavailable`, or no answer
   */
  signIn(credentials: {
    username: string
    password: string
    lasting: boolean
  }): Promise<SignInOutcome>
  /** Asks for a reset code. Known and unknown addresses look alike. */
  forgotPassword(address: { email: string }): Promise<void>
  /** @throws {AuthError} `code-mismatch`, `code-expired`, `password-rejected`, or no answer */
  confirmForgotPassword(reset: { email: string; code: string; password: string }): Promise<void>
  /**
   * The session, renewed if need be.
   *
   * @throws {AuthError} when the service cannot be asked; the rider is still signed in then
   */
  session(): Promise<Session | undefined>
  /** Whether a session is kept here, by a look at storage alone. */
  isSignedIn(): boolean
  /** Forgets the session at once, here and in other tabs; tells the service in the background. */
  signOut(): void
  /** Calls `listener` when a session may have begun or ended in another tab. */
  onSessionChange(listener: () => void): void
  /** Fetches what a sign-in needs ahead of time. */
  prepare(): void
}

/** @param siteConfig a site without a pool has nobody signed in, and rejects with `not-configured` */
export function createAuth(siteConfig: Config): Auth {
  if (siteConfig.kind !== 'configured') return createUnconfiguredAuth()
  const { cognito: settings } = siteConfig
  const call = createCall(settings.endpoint)
  const sessions = createSessions({ clientId: settings.userPoolClientId, call })
  let loading: Promise<Cognito> | undefined

  /** Fetched once; after a failure, again. */
  function loadCognito(): Promise<Cognito> {
    loading ??= importInTime().then(
      ({ createCognito }) => createCognito(settings, call),
      (error: unknown) => {
        loading = undefined
        throw error
      },
    )
    return loading
  }

  return {
    async signUp(account) {
      const cognito = await loadCognito()
      return orOutcome(
        cognito.signUp(account).then(() => ({ kind: 'code-sent' })),
        { 'username-exists': { kind: 'account-exists' } },
      )
    },
    async confirmSignUp({ email, code }) {
      const cognito = await loadCognito()
      return orOutcome(
        cognito.confirmSignUp({ username: email, code }).then(() => ({ kind: 'confirmed' })),
        { 'already-confirmed': { kind: 'already-confirmed' } },
      )
    },
    async resendCode({ email }) {
      const cognito = await loadCognito()
      await cognito.resendCode({ username: email })
    },
    async signIn({ username, password, lasting }) {
      const cognito = await loadCognito()
      return orOutcome(
        cognito.signIn({ username, password }).then((tokens) => {
          sessions.start(tokens, { lasting })
          return { kind: 'signed-in' }
        }),
        {
          'user-not-confirmed': { kind: 'unverified' },
          'password-reset-required': { kind: 'reset-required' },
        },
      )
    },
    async forgotPassword({ email }) {
      const cognito = await loadCognito()
      await cognito.forgotPassword({ username: email })
    },
    async confirmForgotPassword({ email, code, password }) {
      const cognito = await loadCognito()
      await cognito.confirmForgotPassword({ username: email, code, password })
    },
    session: () => sessions.read(),
    isSignedIn: () => sessions.isStarted(),
    signOut: () => sessions.end(),
    onSessionChange: (listener) => sessions.onChange(listener),
    prepare() {
      // A failure here is met again, and told, when the form is sent.
      loadCognito().catch(() => undefined)
    },
  }
}

/** The part of the site that carries the client library, or an `AuthError` in place of a long wait. */
function importInTime(): Promise<typeof import('./cognito.ts')> {
  return new Promise((resolve, reject) => {
    setTimeout(
      () => reject(new AuthError('timeout', 'the sign-in code takes too long to come')),
      timeLimitMs,
    )
    import('./cognito.ts').then(resolve, (cause: unknown) =>
      reject(new AuthError('network', 'the sign-in code could not be fetched', { cause })),
    )
  })
}

/** Some refusals are ways to go on: `outcomes` says which, by code; the others stay errors. */
async function orOutcome<Outcome extends { readonly kind: string }>(
  act: Promise<Outcome>,
  outcomes: Partial<Record<AuthError['code'], Outcome>>,
): Promise<Outcome> {
  try {
    return await act
  } catch (error) {
    const outcome = error instanceof AuthError ? outcomes[error.code] : undefined
    if (!outcome) throw error
    return outcome
  }
}

function createUnconfiguredAuth(): Auth {
  const refuse = () =>
    Promise.reject(new AuthError('not-configured', 'set cognito in /js/config.js'))
  return {
    signUp: refuse,
    confirmSignUp: refuse,
    resendCode: refuse,
    signIn: refuse,
    forgotPassword: refuse,
    confirmForgotPassword: refuse,
    session: () => Promise.resolve(undefined),
    isSignedIn: () => false,
    signOut: () => undefined,
    onSessionChange: () => undefined,
    prepare: () => undefined,
  }
}

export const auth = createAuth(config)
