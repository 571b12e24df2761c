/** Getting an account and signing in, as the pages see it. Which service is behind it, only this folder knows. */

import { AuthError, orOutcome } from './auth-error.ts'
import type { Session } from './session.ts'
import { goOn, type SignInOutcome } from './sign-in.ts'
import { requireUserPool, userPool } from './user-pool.ts'

export type SignUpOutcome =
  /** registered; a code is on its way */
  | { readonly kind: 'code-sent' }
  /** somebody has registered this address before */
  | { readonly kind: 'account-exists' }

export type ConfirmOutcome =
  | { readonly kind: 'confirmed' }
  /** nothing was left to confirm */
  | { readonly kind: 'already-confirmed' }

export interface Auth {
  /** @throws {AuthError} `password-rejected`, `invalid-input`, `sign-up-closed`, or no answer */
  signUp(account: { email: string; password: string }): Promise<SignUpOutcome>
  /** @throws {AuthError} `code-mismatch`, `code-expired`, `limit-exceeded`, or no answer */
  confirmSignUp(confirmation: { email: string; code: string }): Promise<ConfirmOutcome>
  /** @throws {AuthError} `limit-exceeded`, or no answer */
  resendCode(address: { email: string }): Promise<void>
  /**
   * Proves the password by SRP and keeps the tokens; the password stays in this browser. Further steps come
   * as outcomes, each with a way to answer it; nothing is kept before the last one.
   *
   * @param credentials `lasting` keeps the rider signed in when the tab is closed
   * @throws {AuthError} `incorrect-credentials`, `attempts-exceeded`, `storage-unavailable`, or no answer
   */
  signIn(credentials: {
    username: string
    password: string
    lasting: boolean
  }): Promise<SignInOutcome>
  /** Asks for a reset code. Known and unknown addresses look alike, whatever the pool says of them. */
  forgotPassword(address: { email: string }): Promise<void>
  /** @throws {AuthError} `code-mismatch`, `code-expired`, `password-rejected`, or no answer */
  confirmForgotPassword(reset: { email: string; code: string; password: string }): Promise<void>
  /**
   * The session, renewed if need be.
   *
   * @throws {AuthError} when the service cannot be asked; the rider is still signed in then
   */
  session(): Promise<Session | undefined>
  /**
   * Fetches a session whose tokens are new.
   *
   * @returns `undefined` when there is none any more
   * @throws {AuthError} when the service cannot be asked; the rider is still signed in then
   */
  renewSession(): Promise<Session | undefined>
  /** Forgets this rider's session, which is worth nothing any more. */
  forgetSession(rider: Pick<Session, 'sub'>): void
  /** Whether a session is kept here, by a look at storage alone. */
  isSignedIn(): boolean
  /** Forgets the session at once, here and in other tabs; tells the service in the background. */
  signOut(): void
  /** Calls `listener` when a session may have begun or ended in another tab. */
  onSessionChange(listener: () => void): void
  /** Fetches ahead of time what every act here needs. */
  prepare(): void
  /** The same, and does what of a sign-in can be done before its credentials are there. */
  prepareSignIn(): void
}

/** On a site without a pool nobody is signed in, and every act rejects with `not-configured`. */
export const auth: Auth = {
  async signUp(account) {
    const cognito = await requireUserPool().loadCognito()
    return orOutcome(
      cognito.signUp(account).then(() => ({ kind: 'code-sent' })),
      { 'username-exists': { kind: 'account-exists' } },
    )
  },
  async confirmSignUp({ email, code }) {
    const cognito = await requireUserPool().loadCognito()
    return orOutcome(
      cognito.confirmSignUp({ username: email, code }).then(() => ({ kind: 'confirmed' })),
      { 'already-confirmed': { kind: 'already-confirmed' } },
    )
  },
  async resendCode({ email }) {
    const cognito = await requireUserPool().loadCognito()
    await quietly(cognito.resendCode({ username: email }))
  },
  async signIn({ username, password, lasting }) {
    const { call, clientId, sessions, loadCognito } = requireUserPool()
    const cognito = await loadCognito()
    const proveAndGoOn = async () => {
      const proved = await cognito.provePassword({ username, password })
      return goOn(proved.answer, {
        call,
        clientId,
        username: proved.username,
        finish: (tokens) => sessions.start({ ...tokens, username: proved.username }, { lasting }),
      })
    }
    return orOutcome<SignInOutcome>(proveAndGoOn(), {
      'user-not-confirmed': { kind: 'unverified' },
      'password-reset-required': { kind: 'reset-required' },
    })
  },
  async forgotPassword({ email }) {
    const cognito = await requireUserPool().loadCognito()
    await quietly(cognito.forgotPassword({ username: email }))
  },
  async confirmForgotPassword({ email, code, password }) {
    const cognito = await requireUserPool().loadCognito()
    await cognito.confirmForgotPassword({ username: email, code, password })
  },
  async session() {
    return userPool?.sessions.read()
  },
  async renewSession() {
    return userPool?.sessions.renew()
  },
  forgetSession: (rider) => userPool?.sessions.forget(rider),
  isSignedIn: () => userPool?.sessions.isStarted() ?? false,
  signOut: () => userPool?.sessions.end(),
  onSessionChange: (listener) => userPool?.sessions.onChange(listener),
  prepare() {
    // A failure here is met again, and told, when the form is sent.
    userPool?.loadCognito().catch(() => undefined)
  },
  prepareSignIn() {
    userPool
      ?.loadCognito()
      .then(({ prepareProof }) => whenIdle(prepareProof))
      .catch(() => undefined)
  },
}

/** The arithmetic takes a moment, and the rider may be typing. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work)
  else setTimeout(work)
}

/** Lets refusals pass that would tell who has an account here, and in which state. */
async function quietly(act: Promise<void>): Promise<void> {
  try {
    await act
  } catch (error) {
    const telling: readonly AuthError['code'][] = [
      'account-disabled',
      'reset-impossible',
      'user-not-found',
    ]
    if (!(error instanceof AuthError && telling.includes(error.code))) throw error
  }
}
