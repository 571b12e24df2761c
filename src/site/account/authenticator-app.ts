/** The second factor: an authenticator app is set up, turned on and turned off. */

import { appWords } from '#words/authenticator-app.ts'
import { formWords } from '#words/form.ts'
import { type AccountDetails, account } from '../auth/account-settings.ts'
import { bindAuthenticatorSetup } from '../forms/authenticator-setup.ts'
import { bindForm } from '../forms/bind-form.ts'
import type { SignedInPage } from '../layout/protected-page.ts'
import { createFromTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { actAfterProof } from './reauthenticate.ts'

export interface AuthenticatorApp {
  show(details: AccountDetails): void
  hide(): void
}

/** Binds the section `#second-factor`. */
export function bindAuthenticatorApp(page: SignedInPage): AuthenticatorApp {
  const section = requireElement('#second-factor', HTMLElement)
  const heading = requireElement('h2', HTMLElement, section)
  const start = requireElement('#app-start', HTMLFormElement)
  const stop = requireElement('#app-stop', HTMLFormElement)
  const place = requireElement('#app-place', HTMLElement)

  bindForm({
    form: '#app-start',
    fields: {},
    words: formWords,
    submit: () =>
      actAfterProof(page, async (session) => {
        const key = await account.createAppKey(session)
        return () => showSetup({ key, name: session.email ?? session.username })
      }),
  })
  bindForm({
    form: '#app-stop',
    fields: {},
    words: formWords,
    submit: () =>
      actAfterProof(page, async (session) => {
        await account.turnOffApp(session)
        return () => tell(false)
      }),
  })

  function showSetup(app: { key: string; name: string }): void {
    const setup = createFromTemplate('#app-step')
    place.replaceChildren(setup)
    start.hidden = true
    bindAuthenticatorSetup(app, (code) =>
      page.forRider(async (session) => {
        await account.turnOnApp(session, { code })
        return () => tell(true)
      }),
    )
    requireElement('#app-cancel', HTMLButtonElement).addEventListener('click', () => {
      place.replaceChildren()
      showState(false)
      heading.focus()
    })
    requireElement('h3', HTMLElement, setup).focus()
  }

  function tell(isOn: boolean): void {
    place.replaceChildren()
    showState(isOn)
    announce(isOn ? appWords.turnedOn : appWords.turnedOff)
    heading.focus()
  }

  function showState(isOn: boolean): void {
    requireElement('#app-off', HTMLElement).hidden = isOn
    requireElement('#app-on', HTMLElement).hidden = !isOn
    stop.hidden = !isOn
    start.hidden = isOn || place.hasChildNodes()
  }

  return {
    show: ({ hasAuthenticatorApp }) => showState(hasAuthenticatorApp),
    hide: () => place.replaceChildren(),
  }
}
