/**
 * What the pages for signed-in riders share. Such a page shows nothing before it knows who is there, belongs
 * to one rider, and leaves to sign-in when she is signed out, here or anywhere.
 */

import { type AccountDetails, account } from '../auth/account-settings.ts'
import { AuthError } from '../auth/auth-error.ts'
import { endSession, type Rider, readSession, type Session } from '../auth/session/session.ts'
import { isSignedIn, onSessionChange } from '../auth/session/token-storage.ts'
import type { SubmitEnd } from '../forms/bind-form.ts'
import { describeError, orProblem, type ProblemsByCode } from '../forms/error-messages.ts'
import { requireElement } from '../lib/elements.ts'
import { announceArrival, carryKeepSignedIn } from '../lib/tab-state.ts'
import { forgetPickup, forgetRideAsked } from '../ride/ride-storage.ts'
import { replaceWith, routes, withNext } from '../routes.ts'
import { greetArrival } from './page-shell.ts'

export interface Views {
  /** Shows what the session tells; runs again whenever it may have changed. */
  readonly show: (session: Session) => void
  /** The same for what the service tells, for a page that cannot do without. */
  readonly showDetails?: (details: AccountDetails, session: Session) => void
  /** Runs whenever the page has been shown. */
  readonly onOpen?: () => void
  /** Takes away all that is the rider's. */
  readonly hide: () => void
}

/** Why a rider leaves of her own will; else her session has ended. */
export type Farewell =
  | 'signed-out'
  | 'signed-out-everywhere'
  | 'signed-out-here-only'
  | 'account-deleted'

export interface SignedInPage {
  /**
   * Runs something for the rider this page belongs to.
   *
   * @returns `leaving` when it is not hers any more
   */
  forRider(run: (session: Session) => Promise<SubmitEnd>): Promise<SubmitEnd>
  /** The same for a form: what goes wrong is a problem. @param here what a refusal means in it */
  act(run: (session: Session) => Promise<SubmitEnd>, here?: ProblemsByCode): Promise<SubmitEnd>
  /** The rider this page belongs to, if it is known. */
  rider(): Rider | undefined
  /** Looks at who is there and what the service says, the first time and again. */
  refresh(): Promise<void>
  /** Shows nothing any more, for a sign-out that takes a while. */
  conceal(): void
  /** Goes to sign-in, which tells why. */
  leave(farewell: Farewell): 'leaving'
}

/** milliseconds to the next try after the service could not be asked */
const retryMs = 15_000
/** milliseconds; a longer timer of a browser is over at once */
const longestTimerMs = 2 ** 31 - 1

/** Binds `#loading`, `#load-error` with `#try-again`, `#content` and `#sign-out`. */
export function openSignedInPage({ show, showDetails, onOpen, hide }: Views): SignedInPage {
  const checking = requireElement('#loading', HTMLElement)
  const trouble = requireElement('#load-error', HTMLElement)
  const content = requireElement('#content', HTMLElement)
  const signOut = requireElement('#sign-out', HTMLButtonElement)
  /** whose page this is */
  let sub: string | undefined
  let renewal: ReturnType<typeof setTimeout> | undefined
  let isLeaving = false

  checking.hidden = false
  greetArrival()
  requireElement('#try-again', HTMLButtonElement).addEventListener('click', () => void refresh())
  signOut.addEventListener('click', () => {
    endSession()
    leave('signed-out')
  })
  onSessionChange(() => void refresh())
  window.addEventListener('online', () => void refresh())
  // Back may bring the page up as it was left, after somebody signed out; a laptop wakes hours later.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    isLeaving = false
    void refresh()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh()
  })

  async function refresh(): Promise<void> {
    try {
      const session = await requireOwnSession()
      if (session) await reveal(session)
    } catch (error) {
      if (isOver(error)) await giveUp().catch(showTrouble)
      else if (!isLeaving) showTrouble(error)
    }
  }

  /** The rider's session is over; another one may have taken its place. */
  async function giveUp(): Promise<'leaving'> {
    if (isLeaving) return 'leaving'
    const session = isSignedIn() ? await requireOwnSession() : undefined
    if (!isSignedIn()) return leave()
    if (session) {
      conceal()
      location.reload()
    }
    return 'leaving'
  }

  /** @returns nothing when the page is left or loaded anew */
  async function requireOwnSession(): Promise<Session | undefined> {
    const session = await readSession()
    if (isLeaving) return undefined
    if (!session) {
      leave()
      return undefined
    }
    if (sub !== undefined && session.sub !== sub) {
      conceal()
      announceArrival('other-rider')
      location.reload()
      return undefined
    }
    sub = session.sub
    return session
  }

  async function reveal(session: Session): Promise<void> {
    showSession(session)
    if (!showDetails) open()
    try {
      // The service may have ended the session elsewhere, and tokens do not tell.
      const details = await account.details(session)
      const renewed = await requireOwnSession()
      if (!renewed) return
      if (renewed.idToken.jwt !== session.idToken.jwt) showSession(renewed)
      showDetails?.(details, renewed)
      open()
    } catch (error) {
      if (isOver(error) || showDetails) throw error
    }
  }

  function showSession(session: Session): void {
    refreshIn(session.renewsAtMs - Date.now())
    show(session)
  }

  function refreshIn(waitMs: number): void {
    clearTimeout(renewal)
    renewal = setTimeout(() => void refresh(), Math.min(Math.max(waitMs, 1000), longestTimerMs))
  }

  function open(): void {
    checking.hidden = true
    content.hidden = false
    signOut.hidden = false
    // The button that was pressed goes, and must not take the focus with it.
    const hadFocus = trouble.contains(document.activeElement)
    trouble.hidden = true
    if (hadFocus) requireElement('main', HTMLElement).focus()
    onOpen?.()
  }

  function showTrouble(error: unknown): void {
    checking.hidden = true
    const text = requireElement('p', HTMLElement, trouble)
    // The same words again would be read out again.
    if (text.textContent !== describeError(error)) text.textContent = describeError(error)
    trouble.hidden = false
    signOut.hidden = false
    refreshIn(retryMs)
  }

  async function forRider(run: (session: Session) => Promise<SubmitEnd>): Promise<SubmitEnd> {
    try {
      const session = await requireOwnSession()
      return session ? await run(session) : 'leaving'
    } catch (error) {
      if (isOver(error)) return giveUp()
      throw error
    }
  }

  function conceal(): void {
    isLeaving = true
    clearTimeout(renewal)
    content.hidden = true
    signOut.hidden = true
    hide()
  }

  function leave(farewell?: Farewell): 'leaving' {
    conceal()
    if (farewell) forgetRiderChoices()
    // Whoever never was here is told nothing.
    const arrival = farewell ?? (sub === undefined ? undefined : 'session-ended')
    const wanted = location.pathname + location.search + location.hash
    replaceWith(farewell ? routes.signIn : withNext(routes.signIn, wanted), arrival).depart()
    return 'leaving'
  }

  return {
    forRider,
    act: (run, here) => orProblem(() => forRider(run), here),
    rider: () => (sub === undefined ? undefined : { sub }),
    refresh,
    conceal,
    leave,
  }
}

/** What the next one at this computer must neither find nor be bound by. */
function forgetRiderChoices(): void {
  carryKeepSignedIn(false)
  forgetPickup()
  forgetRideAsked()
}

/** Only the service's word ends a session; other trouble may pass. */
function isOver(error: unknown): boolean {
  return error instanceof AuthError && error.code === 'session-ended'
}
