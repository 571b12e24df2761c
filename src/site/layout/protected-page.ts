/**
 * A page for signed-in users. It shows nothing before it knows who is signed in, belongs to one user, and redirects
 * to sign-in when they sign out or their session ends, in this tab or anywhere.
 *
 * Nobody waits for what it asks the service in the background: its tokens are renewed before they end, and whatever
 * fails is asked again, later and later. Out of sight it asks nothing, and makes up for it when it is seen.
 */

import {
  type AccountDetails,
  AuthError,
  getAccountDetails,
  isSignedIn,
  onSessionChange,
  readSession,
  refreshSession,
  type Session,
  signOut,
  type User,
  wasSignedOut,
} from '../auth/index.ts'
import { alreadyLeaving, type SubmitResult } from '../forms/submit-result.ts'
import { fetchErrorText } from '../forms/to-form-error.ts'
import { sessionEndedText, signedOutText } from '../i18n/shared-texts.ts'
import { t } from '../i18n/t.ts'
import { quietRefusals, toBackoffMs, toRenewalMs } from '../lib/backoff.ts'
import { requireElement } from '../lib/elements.ts'
import { clearUserState } from '../lib/tab-state.ts'
import { routes, withNext } from '../routes.ts'
import { setFlash, showFlash } from './flash.ts'
import { openInPlace } from './navigate.ts'
import { bindUserMenu } from './user-menu.ts'

export interface PageContent {
  /** Shows what the session tells; runs again whenever it may have changed. */
  readonly show: (session: Session) => void
  /** The same for what the service tells, for a page that needs it; the page is not shown before. */
  readonly showDetails?: (details: AccountDetails, session: Session) => void | Promise<void>
  /** Runs when the page has been shown. */
  readonly onShown?: () => void
  /** Removes everything that is the user's. */
  readonly hide: () => void
}

export type WithSession = (
  run: (session: Session) => SubmitResult | Promise<SubmitResult>,
) => Promise<SubmitResult>

export interface ProtectedPage {
  /** Runs something for the user this page belongs to; redirects when they are not signed in any more. */
  readonly withSession: WithSession
  /** The user this page belongs to, once it is known. */
  user(): User | undefined
  /** Reads the session, and asks the service, the first time and again. */
  refresh(): Promise<void>
  /** Hides the page during a sign-out that takes a while. */
  hideContent(): void
  /** Goes to sign-in, which says why the user has left by their own choice. */
  redirectToSignIn(reason: string): SubmitResult
}

/** milliseconds; browsers fire a longer timer at once */
const longestTimerMs = 2 ** 31 - 1

/** Binds `#loading`, `#load-error` with `#try-again`, `#content` and the user menu. */
export function openProtectedPage({
  show,
  showDetails,
  onShown,
  hide,
}: PageContent): ProtectedPage {
  const loading = requireElement('#loading', HTMLElement)
  const loadError = requireElement('#load-error', HTMLElement)
  const content = requireElement('#content', HTMLElement)
  const userMenu = bindUserMenu(() => {
    signOut()
    redirectToSignIn(signedOutText)
  })
  /** of the user this page belongs to */
  let sub: string | undefined
  const hadTokens = isSignedIn()
  let refreshTimer: ReturnType<typeof setTimeout> | undefined
  let isLeaving = false
  /** counts refreshes: an error of an earlier one is not shown any more */
  let round = 0
  /** refreshes in a row that failed */
  let failures = 0
  /** what was shown last, and milliseconds since the Unix epoch, when its tokens are renewed */
  let shown: Session | undefined
  let renewsAtMs = 0
  /** the same for all tokens of this page: pages of a crowd renew theirs one after the other */
  const share = Math.random()

  loading.hidden = false
  showFlash()
  requireElement('#try-again', HTMLButtonElement).addEventListener('click', () => void refresh())
  onSessionChange(() => void refresh())
  window.addEventListener('online', () => void refresh())
  // The back/forward cache brings a page up as it was left; a laptop wakes hours later.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    isLeaving = false
    // Another tab may still have the session; until that is known, nothing of it is shown.
    if (!isSignedIn()) {
      concealContent()
      loading.hidden = false
    }
    void refresh()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh()
  })

  /** @param isAwaited whether the user has done something and waits for what comes of it */
  async function refresh(isAwaited = false): Promise<void> {
    round += 1
    clearTimeout(refreshTimer)
    try {
      // A page that is opened out of sight may be seen any moment.
      const asksService = document.visibilityState === 'visible' || (!shown && failures === 0)
      if (asksService && shown && Date.now() >= renewsAtMs) await refreshSession(shown.accessToken)
      const session = await requireOwnSession(asksService)
      if (!session || !asksService) return
      await showContent(session)
      failures = 0
    } catch (error) {
      if (isSessionEnd(error)) await handleSessionEnd().catch(showLoadError)
      else if (!isLeaving) await handleFailure(error, isAwaited)
    }
  }

  async function handleFailure(error: unknown, isAwaited: boolean): Promise<void> {
    failures += 1
    refreshIn(toBackoffMs(failures, Math.random))
    const isUsable = !content.hidden && shown && Date.now() < shown.expiresAtMs
    const isThrottled = error instanceof AuthError && error.code === 'too-many-requests'
    const isQuiet = isUsable ? !isAwaited : isThrottled && failures <= quietRefusals
    if (!isQuiet) await showLoadError(error)
  }

  /** This user's session has ended; another one may have taken its place. */
  async function handleSessionEnd(): Promise<SubmitResult> {
    if (isLeaving) return alreadyLeaving
    const session = isSignedIn() ? await requireOwnSession() : undefined
    if (!isSignedIn()) return redirectToSignIn()
    if (session) {
      hideContent()
      location.reload()
    }
    return alreadyLeaving
  }

  /** @returns `undefined` when the page is being left or loaded again */
  async function requireOwnSession(asksService = true): Promise<Session | undefined> {
    const session = await readSession({ asksService })
    if (isLeaving) return undefined
    if (!session) {
      redirectToSignIn()
      return undefined
    }
    if (sub !== undefined && session.sub !== sub) {
      hideContent()
      setFlash(t('Someone else signed in on this browser, so this page is theirs now.'))
      location.reload()
      return undefined
    }
    sub = session.sub
    return session
  }

  async function showContent(session: Session): Promise<void> {
    showSession(session)
    if (!showDetails) revealContent()
    // The service may have ended the session, and tokens do not tell.
    const asksForPassword = showDetails !== undefined
    const details = await getAccountDetails(session, { asksForPassword })
    const current = await requireOwnSession()
    if (!current) return
    if (current.idToken.jwt !== session.idToken.jwt) showSession(current)
    await showDetails?.(details, current)
    if (!isLeaving) revealContent()
  }

  function showSession(session: Session): void {
    shown = session
    const { accessToken, expiresAtMs: endsAtMs } = session
    const lifeMs = (accessToken.expiresAt - accessToken.issuedAt) * 1000
    renewsAtMs = toRenewalMs({ lifeMs, endsAtMs }, () => share)
    refreshIn(renewsAtMs - Date.now())
    userMenu.show(session.email ?? session.username)
    show(session)
  }

  function refreshIn(waitMs: number): void {
    clearTimeout(refreshTimer)
    refreshTimer = setTimeout(
      () => void refresh(),
      Math.min(Math.max(waitMs, 1000), longestTimerMs),
    )
  }

  function revealContent(): void {
    loading.hidden = true
    content.hidden = false
    // "Try again" goes away, and the focus must not go with it.
    const hadFocus = loadError.contains(document.activeElement)
    loadError.hidden = true
    if (hadFocus) requireElement('main', HTMLElement).focus()
    onShown?.()
  }

  async function showLoadError(error: unknown): Promise<void> {
    const own = round
    const sentence = await fetchErrorText(error)
    if (isLeaving || own !== round) return
    loading.hidden = true
    const text = requireElement('p', HTMLElement, loadError)
    // Setting the same text would make screen readers say it again.
    if (text.textContent !== sentence) text.textContent = sentence
    loadError.hidden = false
    userMenu.show()
  }

  async function withSession(
    run: (session: Session) => SubmitResult | Promise<SubmitResult>,
  ): Promise<SubmitResult> {
    try {
      const session = await requireOwnSession()
      return session ? await run(session) : alreadyLeaving
    } catch (error) {
      if (isSessionEnd(error)) return handleSessionEnd()
      throw error
    }
  }

  function hideContent(): void {
    isLeaving = true
    clearTimeout(refreshTimer)
    concealContent()
  }

  function concealContent(): void {
    content.hidden = true
    userMenu.hide()
    hide()
  }

  /** @param reason nothing when the session has ended */
  function redirectToSignIn(reason?: string): SubmitResult {
    hideContent()
    const flash = reason ?? describeSessionEnd()
    // By choice, here or in another tab: else what was entered waits for the next sign-in.
    if (flash !== undefined && flash !== sessionEndedText) clearUserState()
    if (flash) setFlash(flash)
    const currentPath = location.pathname + location.search + location.hash
    const path = reason ? routes.signIn : withNext(routes.signIn, currentPath)
    if (navigator.onLine) openInPlace(path)
    else waitForNetwork(path, flash)
    return alreadyLeaving
  }

  /** Whoever was not signed in here is told nothing. */
  function describeSessionEnd(): string | undefined {
    if (sub === undefined && !hadTokens) return undefined
    return wasSignedOut() ? signedOutText : sessionEndedText
  }

  return {
    withSession,
    user: () => (sub === undefined ? undefined : { sub }),
    refresh: () => refresh(true),
    hideContent,
    redirectToSignIn,
  }
}

/** Offline there is no other page to say it: this one does, and goes on when the network is back. */
function waitForNetwork(path: string, flash: string | undefined): void {
  showFlash()
  window.addEventListener(
    'online',
    () => {
      if (flash) setFlash(flash)
      openInPlace(path)
    },
    { once: true },
  )
}

/** Only the service ends a session; other errors may pass. */
function isSessionEnd(error: unknown): boolean {
  return error instanceof AuthError && error.code === 'session-ended'
}
