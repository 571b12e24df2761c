/** The card of the second factor: an authenticator app is set up, turned on and turned off. */

import {
  type AccountDetails,
  createAuthenticatorKey,
  turnOffAuthenticatorApp,
  turnOnAuthenticatorApp,
} from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { showBadge } from './badge.ts'
import { withRecentSignIn } from './reauthenticate.ts'

/** Fetched when an app is to be set up. */
const loadAuthenticatorApp = lazyImport(() => import('../forms/authenticator-app.ts'))

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

  bindForm({
    form: '#app-start',
    fields: {},
    submit: () =>
      withRecentSignIn(page, async (session) => {
        const { bindAuthenticatorSetup } = await loadAuthenticatorApp()
        const key = await createAuthenticatorKey(session)
        const name = session.email ?? session.username
        return done(() =>
          showSetup((submitCode) => bindAuthenticatorSetup({ key, name }, submitCode)),
        )
      }),
  })
  bindForm({
    form: '#app-stop',
    fields: {},
    submit: () =>
      withRecentSignIn(page, async (session) => {
        await turnOffAuthenticatorApp(session)
        return done(() => announceState(false))
      }),
  })

  function showSetup(
    bindSetup: (submitCode: (code: string) => Promise<SubmitResult>) => void,
  ): void {
    const setup = cloneTemplate('#app-step')
    setupPlace.replaceChildren(setup)
    startForm.hidden = true
    bindSetup((code) =>
      page.withSession(async (session) => {
        await turnOnAuthenticatorApp(session, { code })
        return done(() => announceState(true))
      }),
    )
    requireElement('#app-cancel', HTMLButtonElement).addEventListener('click', () => {
      setupPlace.replaceChildren()
      showState(false)
      heading.focus()
    })
    requireElement('h3', HTMLElement, setup).focus()
  }

  function announceState(isOn: boolean): void {
    setupPlace.replaceChildren()
    showState(isOn)
    announce(
      isOn
        ? t('Authenticator app turned on. From now on you sign in with a code as well.')
        : t('Authenticator app turned off. From now on you sign in with your password alone.'),
    )
    heading.focus()
  }

  function showState(isOn: boolean): void {
    showBadge(state, isOn ? t('On') : t('Off'), isOn)
    requireElement('#app-off', HTMLElement).hidden = isOn
    requireElement('#app-on', HTMLElement).hidden = !isOn
    stopForm.hidden = !isOn
    startForm.hidden = isOn || setupPlace.hasChildNodes()
  }

  return {
    show: ({ hasAuthenticatorApp }) => showState(hasAuthenticatorApp),
    hide() {
      setupPlace.replaceChildren()
      showBadge(state, '', false)
    },
  }
}
