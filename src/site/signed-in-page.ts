/**
 * What the pages for signed-in riders share. Such a page shows nothing before it knows who is there, belongs
 * to one rider, and leaves to sign-in when she is signed out, here or anywhere.
 */

import { type AccountDetails, account } from './auth/account.ts'
import { auth } from './auth/auth.ts'
import { AuthError } from './auth/auth-error.ts'
import type { Session } from './auth/session.ts'
import { greetArrival } from './frame.ts'
import { announceArrival } from './journey.ts'
import { describeError } from './messages.ts'
import { type Leaving, replaceWith, routes, withNext } from './routes.ts'
import { requireElement } from './ui/elements.ts'
import type { SubmitEnd } from './ui/form.ts'

export interface Views {
  /** Shows what the session tells; runs again whenever it has changed. */
  readonly show: (session: Session) => void
  /** The same for what the service tells, for a page that cannot do without. */
  readonly showDetails?: (details: AccountDetails, session: Session) => void
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
  act(run: (session: Session) => Promise<SubmitEnd>): Promise<SubmitEnd>
  /** Looks again at who is there and what the service says. */
  refresh(): Promise<void>
  /** Shows nothing any more, for a sign-out that takes a while. */
  conceal(): void
  /** Goes to sign-in, which tells why. */
  leave(farewell: Farewell): Leaving
}

/** milliseconds to the next try after the service could not be asked */
const retryMs = 15_000

/** Binds `#checking`, `#trouble` with `#try-again`, `#content` and `#sign-out`. */
export function openSignedInPage({ show, showDetails, hide }: Views): SignedInPage {
  const checking = requireElement('#checking', HTMLElement)
  const trouble = requireElement('#trouble', HTMLElement)
  const content = requireElement('#content', HTMLElement)
  /** whose page this is */
  let sub: string | undefined
  let renewal: ReturnType<typeof setTimeout> | undefined
  let isLeaving = false

  checking.hidden = false
  greetArrival()
  requireElement('#try-again', HTMLButtonElement).addEventListener('click', () => void refresh())
  requireElement('#sign-out', HTMLButtonElement).addEventListener('click', () => {
    auth.signOut()
    leave('signed-out')
  })
  auth.onSessionChange(() => void refresh())
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
  void refresh()

  async function refresh(): Promise<void> {
    try {
      const session = await requireOwnSession()
      if (session) await reveal(session)
    } catch (error) {
      if (isOver(error)) leave()
      else if (!isLeaving) showTrouble(error)
    }
  }

  /** @returns nothing when the page is left or loaded anew */
  async function requireOwnSession(): Promise<Session | undefined> {
    const session = await auth.session()
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
    refreshIn(session.renewsAtMs - Date.now())
    show(session)
    if (!showDetails) open()
    try {
      // The service may have ended the session elsewhere, and tokens do not tell.
      const details = await account.details()
      if (isLeaving) return
      showDetails?.(details, session)
      open()
    } catch (error) {
      if (isOver(error) || showDetails) throw error
    }
  }

  function refreshIn(waitMs: number): void {
    clearTimeout(renewal)
    renewal = setTimeout(() => void refresh(), Math.max(waitMs, 1000))
  }

  function open(): void {
    checking.hidden = true
    trouble.hidden = true
    content.hidden = false
  }

  function showTrouble(error: unknown): void {
    checking.hidden = true
    requireElement('p', HTMLElement, trouble).textContent = describeError(error)
    trouble.hidden = false
    refreshIn(retryMs)
  }

  async function act(run: (session: Session) => Promise<SubmitEnd>): Promise<SubmitEnd> {
    try {
      const session = await requireOwnSession()
      return session ? await run(session) : 'leaving'
    } catch (error) {
      if (isOver(error)) return leave()
      throw error
    }
  }

  function conceal(): void {
    isLeaving = true
    clearTimeout(renewal)
    content.hidden = true
    hide()
  }

  function leave(farewell?: Farewell): Leaving {
    conceal()
    // Whoever never was here is told nothing.
    if (farewell || sub !== undefined) announceArrival(farewell ?? 'session-ended')
    const wanted = location.pathname + location.search + location.hash
    return replaceWith(farewell ? routes.signIn : withNext(routes.signIn, wanted))
  }

  return { act, refresh, conceal, leave }
}

/** Only the service's word ends a session; other trouble may pass. */
function isOver(error: unknown): boolean {
  return error instanceof AuthError && error.code === 'session-ended'
}
