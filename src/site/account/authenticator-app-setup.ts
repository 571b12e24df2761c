/** The step in which an authenticator app is set up: few come to it, so its script is fetched when one does. */

import { bindAuthenticatorSetup } from '../forms/authenticator-app.ts'
import type { BoundForm } from '../forms/bind-form.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { closeStep, endStep, forgetStep, openStep } from '../layout/steps.ts'
import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'

const stepName = 'authenticator-app'

/**
 * Shows the set-up of an app in `place`.
 *
 * @param setup `app`: the key, base32, and the account's name in the app; `submitCode`: sends the app's first code;
 *   `onShown` runs again when Forward shows the set-up again; `onClosed` learns whether the app is on
 * @returns ends the set-up when the page is hidden
 */
export function openSetup(setup: {
  readonly app: { readonly key: string; readonly name: string }
  readonly place: HTMLElement
  readonly submitCode: (code: string) => Promise<SubmitResult>
  readonly onShown: () => void
  readonly onClosed: (isOn: boolean) => void
}): () => void {
  let form: BoundForm | undefined

  function show(): void {
    setup.place.replaceChildren(cloneTemplate('#app-step'))
    setup.onShown()
    form = bindAuthenticatorSetup(setup.app, submit)
    requireElement('#app-cancel', HTMLButtonElement).addEventListener('click', () => {
      void closeStep()
    })
    requireElement('h3', HTMLElement, setup.place).focus()
  }

  async function submit(code: string): Promise<SubmitResult> {
    const result = await setup.submitCode(code)
    if (result.kind !== 'done') return result
    return done(async () => {
      await endStep(stepName)
      close(true)
    })
  }

  function close(isOn: boolean): void {
    form?.clearErrors()
    setup.place.replaceChildren()
    setup.onClosed(isOn)
  }

  openStep({ name: stepName, reopens: true, show, close: () => close(false) })
  return () => {
    forgetStep(stepName)
    setup.place.replaceChildren()
  }
}
