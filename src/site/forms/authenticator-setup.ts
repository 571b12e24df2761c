/** Setting up an authenticator app: the key as a QR code and in text, and the first code as its proof. */

import { appWords } from '#words/authenticator-app.ts'
import { formWords } from '#words/form.ts'
import { requireElement } from '../lib/elements.ts'
import { bindForm, type SubmitEnd } from './bind-form.ts'
import { readCode } from './code-field.ts'
import { aboutAppCode, orProblem } from './error-messages.ts'
import { createCheckReader } from './fields.ts'

/** what the app calls this site */
const issuer = 'Wild Rydes'

/**
 * Shows a key and binds the form `#app`.
 *
 * @param app the key, base32, and the account's name in the app
 * @param turnOn sends the first code
 */
export function bindAuthenticatorSetup(
  app: { key: string; name: string },
  turnOn: (code: string) => Promise<SubmitEnd>,
): void {
  const url = toOtpauthUrl(app)
  requireElement('#app-key', HTMLElement).textContent = app.key.replace(/.{4}(?=.)/g, '$& ')
  requireElement('#app-link', HTMLAnchorElement).href = url
  void showQrCode(url)
  bindForm({
    form: '#app',
    fields: { 'app-kept': createCheckReader(appWords.keyNotKept), 'app-code': readCode },
    words: formWords,
    submit: ({ 'app-code': code }) => orProblem(() => turnOn(code), aboutAppCode('app-code')),
  })
}

async function showQrCode(url: string): Promise<void> {
  const place = requireElement('#app-qr', HTMLElement)
  try {
    const { createQrCode } = await import('./qr-code.ts')
    place.replaceChildren(createQrCode(url, appWords.qrCode))
  } catch (error) {
    // Without the picture there are still the link and the text.
    if (!(error instanceof TypeError)) throw error
  }
}

/** @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
function toOtpauthUrl({ key, name }: { key: string; name: string }): string {
  const label = [issuer, name].map(encodeURIComponent).join(':')
  return `otpauth://totp/${label}?secret=${key}&issuer=${encodeURIComponent(issuer)}`
}
