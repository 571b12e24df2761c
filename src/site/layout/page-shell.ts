/** What every page has around its content: navigation, theme menu, online state, set-up notices. */

import { isSignedIn, joinSession, onSessionChange } from '../auth/index.ts'
import { config } from '../config.ts'
import { pageLanguage, t, withTexts } from '../i18n/t.ts'
import { whenIdle } from '../lib/idle.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announceOverPage, announceToScreenReaders, uncoverFocus } from '../lib/live-region.ts'
import { isPrerendering } from '../lib/prerendering.ts'
import { languageKey } from '../lib/tab-state.ts'
import { persistentStorage } from '../lib/web-storage.ts'
import { currentNext, isAuthPage, withNext } from '../routes.ts'
import { prefetch, prerenderLinksSoon } from './prefetch-auth.ts'
import type { SetupProblem } from './setup-notices.ts'
import { bindThemeMenu } from './theme.ts'

const loadLanguageOffer = lazyImport(withTexts(() => import('./language-offer.ts')))
const loadSetupNotices = lazyImport(withTexts(() => import('./setup-notices.ts')))

/**
 * Waits until the page is seen (a browser may prerender it), then starts what every page has.
 *
 * @param bind runs before that: has no effect by itself, and reads nothing of the rider
 * @returns whether the page can do its work; if not, a notice says why, and nothing is bound
 */
export async function initPage(bind?: () => void): Promise<boolean> {
  markStarted()
  const problem = findSetupProblem()
  if (!problem) bind?.()
  if (isPrerendering()) {
    bindThemeMenu()
    await new Promise((resolve) => {
      document.addEventListener('prerenderingchange', resolve)
    })
  } else whenIdle(bindThemeMenu)
  whenIdle(bindLanguageLinks)
  preserveNextParam()
  updateNavigation()
  onSessionChange(updateNavigation)
  void joinSession().then(updateNavigation)
  // The back/forward cache brings a page up as it was left.
  window.addEventListener('pageshow', updateNavigation)
  document.addEventListener('focusin', uncoverFocus)
  prerenderLinksSoon()
  window.addEventListener('offline', () =>
    announceOverPage(t('You seem to be offline. What you entered stays here.')),
  )
  // Who sees the page sees that the notice goes.
  window.addEventListener('online', () => announceToScreenReaders(t("You're back online.")))
  if (problem) void handleSetupProblem(problem)
  return problem === undefined
}

/** For `src/site/inline/script-error.ts`, which waits for it: the script is there, even if late. */
function markStarted(): void {
  document.documentElement.dataset.started = ''
  const notice = document.querySelector<HTMLElement>('#script-error')
  if (notice) notice.hidden = true
}

function findSetupProblem(): SetupProblem | undefined {
  if (!window.isSecureContext) return 'insecure'
  const isRecent =
    'fetch' in window && 'AbortController' in window && 'getRandomValues' in (window.crypto ?? {})
  if (!isRecent) return 'outdated'
  return config.kind === 'configured' ? undefined : config
}

async function handleSetupProblem(problem: SetupProblem): Promise<void> {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[type=submit]')) {
    button.disabled = true
  }
  const { showSetupNotice } = await loadSetupNotices()
  showSetupNotice(problem)
}

/** The links of the menu work without script; with it they take along where the rider wanted to go, and are remembered. */
function bindLanguageLinks(): void {
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLAnchorElement) || !target.hreflang) return
    target.search = location.search
    target.hash ||= location.hash
    persistentStorage.write(languageKey, target.hreflang)
  })
  const isPreferred = navigator.language.slice(0, 2) === pageLanguage.slice(0, 2)
  if (!isPreferred) void prefetch(loadLanguageOffer, ({ offerLanguage }) => offerLanguage())
}

/** Links between the auth pages keep where the user wanted to go. */
function preserveNextParam(): void {
  const next = currentNext()
  if (next === undefined) return
  for (const link of document.querySelectorAll('a')) {
    // A link with a hash stays on this page.
    if (isAuthPage(link.pathname) && !link.hash) link.href = withNext(link.pathname, next)
  }
}

/** Shows what is for signed-in users only, or for signed-out ones. */
function updateNavigation(): void {
  const state = isSignedIn() ? 'signed-in' : 'signed-out'
  for (const element of document.querySelectorAll<HTMLElement>('[data-auth]')) {
    element.hidden = element.dataset.auth !== state
  }
}
