/** The card of the second factor: an authenticator app is set up, turned on and turned off. */

import { type AccountDetails, loadAuthenticatorApp } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { done } from '../forms/submit-result.ts'
import { t, withTexts } from '../i18n/t.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { showBadge } from './badge.ts'
import { withRecentSignIn } from './recent-sign-in.ts'

/** Fetched when an app is to be set up. */
const loadSetup = lazyImport(withTexts(() => import('./authenticator-app-setup.ts')))

export interface AuthenticatorAppCard {
  show(details: AccountDetails): void
  hide(): void
}

/** Binds the section `#second-factor`. */
export function bindAuthenticatorApp(page: ProtectedPage): AuthenticatorAppCard {
  const section = requireElement('#second-factor', HTMLElement)
  const heading = requireElement('h2', HTMLElement, section)
  const startForm = requireElement('#app-start', HTMLFormElement)
  const state = requireElement('#app-state', HTMLElement)
  const stopForm = requireElement('#app-stop', HTMLFormElement)
  const setupPlace = requireElement('#app-place', HTMLElement)
  /** an app comes after the password: an account without one has no use for it */
  let hasPassword = true
  /** ends the set-up that is shown */
  let abandonSetup = (): void => undefined

  bindForm({
    form: '#app-start',
    fields: {},
    submit: () =>
      withRecentSignIn(page, async (session) => {
        // Before there is a key: one that nobody sees would take the place of the one before.
        const [{ openSetup }, app] = await Promise.all([loadSetup(), loadAuthenticatorApp()])
        const key = await app.createAuthenticatorKey(session)
        return done(() => {
          abandonSetup = openSetup({
            app: { key, name: session.email ?? session.username },
            place: setupPlace,
            submitCode: (code) =>
              page.withSession(async (current) => {
                await app.turnOnAuthenticatorApp(current, { code })
                return done()
              }),
            onShown: () => {
              startForm.hidden = true
            },
            onClosed(isOn) {
              if (isOn) announceState(true)
              else showState(false)
              heading.focus()
            },
          })
        })
      }),
  })
  bindForm({
    form: '#app-stop',
    fields: {},
    submit: () =>
      withRecentSignIn(page, async (session) => {
        const { turnOffAuthenticatorApp } = await loadAuthenticatorApp()
        await turnOffAuthenticatorApp(session)
        return done(() => {
          announceState(false)
          heading.focus()
        })
      }),
  })

  function announceState(isOn: boolean): void {
    showState(isOn)
    // Whether passkeys sign in depends on it.
    void page.refresh()
    announce(
      isOn
        ? t('Authenticator app turned on. From now on you sign in with a code as well.')
        : t('Authenticator app turned off. From now on you sign in without its codes.'),
    )
  }

  function showState(isOn: boolean): void {
    showBadge(state, isOn ? t('On') : t('Off'), isOn)
    requireElement('#app-off', HTMLElement).hidden = isOn || !hasPassword
    requireElement('#app-needs-password', HTMLElement).hidden = isOn || hasPassword
    requireElement('#app-on', HTMLElement).hidden = !isOn
    stopForm.hidden = !isOn
    startForm.hidden = isOn || !hasPassword || setupPlace.hasChildNodes()
  }

  return {
    show(details) {
      hasPassword = details.hasPassword
      showState(details.hasAuthenticatorApp)
    },
    hide() {
      abandonSetup()
      showBadge(state, '', false)
    },
  }
}
