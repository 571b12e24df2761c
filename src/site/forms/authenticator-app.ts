/** Authenticator apps: setting one up, by its key as a QR code, a link and text, and what goes wrong with its codes. */

import { serviceNowMs } from '../auth/index.ts'
import { pageLanguage, t } from '../i18n/t.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { createUserValue } from '../lib/tab-state.ts'
import { type BoundForm, bindForm } from './bind-form.ts'
import { readCode } from './code-field.ts'
import { createCheckboxReader } from './fields.ts'
import type { FormErrors } from './form-errors.ts'
import type { SubmitResult } from './submit-result.ts'

/** what the app calls this site */
const issuer = 'Wild Rydes'
/** the key that this page has shown last */
let shownKey: { readonly key: string; readonly isReplacement: boolean } | undefined

/**
 * Shows a key and binds the form `#app`.
 *
 * @param app `key`: base32; `name`: the account's name in the app
 * @param submitCode sends the app's first code
 */
export function bindAuthenticatorSetup(
  app: { key: string; name: string },
  submitCode: (code: string) => Promise<SubmitResult>,
): BoundForm {
  if (replacesEarlierKey(app)) showNewKeyNotice()
  const url = toOtpauthUrl(app)
  requireElement('#app-key', HTMLElement).textContent = app.key.replace(/.{4}(?=.)/g, '$& ')
  requireElement('#app-link', HTMLAnchorElement).href = url
  void showQrCode(url)
  return bindForm({
    form: '#app',
    fields: {
      'app-kept': createCheckboxReader(t("Confirm that you've saved the setup key")),
      'app-code': readCode,
    },
    errors: totpErrors('app-code'),
    submit: ({ 'app-code': code }) => submitCode(code),
  })
}

/**
 * Whether an earlier key was shown for this account in this tab. The tab remembers that there was one, also when the
 * page is loaded again, and nothing of the key.
 */
function replacesEarlierKey({ key, name }: { key: string; name: string }): boolean {
  // A step that is shown again has the same key.
  if (shownKey?.key !== key) {
    const hasShownKey = createUserValue(`hasShownKey.${name}`)
    shownKey = { key, isReplacement: hasShownKey.read() !== undefined }
    hasShownKey.write('true')
  }
  return shownKey.isReplacement
}

function showNewKeyNotice(): void {
  const text = t(
    'This is a new setup key. If you added an earlier one to your app, delete that entry there: its codes no longer work.',
  )
  requireElement('#app', HTMLFormElement).prepend(createElement('p', text, 'notice'))
}

async function showQrCode(url: string): Promise<void> {
  const place = requireElement('#app-qr', HTMLElement)
  try {
    const { createQrCode } = await import('./qr-code.ts')
    place.replaceChildren(
      createQrCode(url, t('QR code with the setup key for your authenticator app')),
    )
  } catch (error) {
    // The link and the text say the same.
    if (!(error instanceof TypeError)) throw error
  }
}

/** @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
function toOtpauthUrl({ key, name }: { key: string; name: string }): string {
  const label = [issuer, name].map(encodeURIComponent).join(':')
  return `otpauth://totp/${label}?secret=${key}&issuer=${encodeURIComponent(issuer)}`
}

/**
 * A code that was refused stays, selected. A second one may come from a phone whose clock is wrong: by half a minute is
 * enough. For one form: it counts its refusals.
 */
export function totpErrors(field: string): FormErrors {
  let refusals = 0
  return {
    'code-mismatch': () => {
      refusals += 1
      const text =
        refusals === 1
          ? t("That code isn't right. Enter the one your authenticator app shows now.")
          : t(
              "That code isn't right. It's {time} now: if your phone shows another time, have it set automatically. Then enter the code your authenticator app shows.",
              { time: formatServiceTime() },
            )
      return { text, field, selectField: true }
    },
    'code-expired': {
      text: t(
        'That code was already used. Wait for the next one in your authenticator app, then enter it.',
      ),
      field,
      selectField: true,
    },
  }
}

/** Such as "10:42 AM": the clock of this device may be the wrong one too. */
function formatServiceTime(): string {
  return new Intl.DateTimeFormat(pageLanguage, { timeStyle: 'short' }).format(serviceNowMs())
}
