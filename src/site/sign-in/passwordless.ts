/**
 * The ways to sign in without a password, below the password: those that the pool and this browser have. What they do is
 * fetched when one of them is asked for.
 */

import type { SignInWay } from '../../shared/site-config.ts'
import { loadUserAuth, type SignInOutcome } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readUsername } from '../forms/fields.ts'
import type { SubmitResult } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { prefetch } from '../layout/prefetch-auth.ts'
import { requireElement } from '../lib/elements.ts'
import { whenIdle } from '../lib/idle.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { hasUsedPasskey, lastUsername, rememberEmail } from '../lib/tab-state.ts'
import { canUsePasskeys } from '../lib/webauthn-support.ts'

const loadPasskeySignIn = lazyImport(() => import('./passkey-sign-in.ts'))
const loadPasskeyAutofill = lazyImport(() => import('./passkey-autofill.ts'))
const loadEmailCode = lazyImport(() => import('./email-code.ts'))

const loadPasskeyParts = () => Promise.all([loadUserAuth(), loadPasskeySignIn()])

export interface PasswordlessOptions {
  /** what the pool has */
  readonly ways: readonly SignInWay[]
  readonly rememberMe: HTMLInputElement
  readonly username: HTMLInputElement
  /** Prepares the page that comes next. */
  readonly prerenderNext: () => void
  readonly handleOutcome: (outcome: SignInOutcome, username: string) => Promise<SubmitResult>
}

/** Shows the buttons at once: what stands below them is not painted before the page's script is there. */
export function bindPasswordless(options: PasswordlessOptions): void {
  if (options.ways.includes('passkey') && canUsePasskeys()) bindPasskey(options)
  if (options.ways.includes('email-code')) bindEmailCode(options)
}

function bindPasskey({
  rememberMe,
  username,
  prerenderNext,
  handleOutcome,
}: PasswordlessOptions): void {
  const form = show('#passkey')
  bindForm({
    form: '#passkey',
    fields: { username: readUsername },
    async submit(typed) {
      const [auth, passkey] = await loadPasskeyParts()
      rememberEmail(typed.username)
      return passkey.signInWithPasskey(auth, {
        username: typed.username,
        rememberMe: rememberMe.checked,
        handleOutcome: (outcome) => handleOutcome(outcome, typed.username),
      })
    },
  })

  let hasPrefetched = false
  const prefetchChallenge = () => {
    const reading = readUsername(username)
    if (hasPrefetched || !('value' in reading)) return
    hasPrefetched = true
    prerenderNext()
    void prefetch(loadPasskeyParts, ([auth, passkey]) =>
      passkey.prefetchChallenge(auth, reading.value),
    )
  }
  for (const event of ['focusin', 'pointerenter', 'pointerdown']) {
    form.addEventListener(event, prefetchChallenge)
  }
  if (hasUsedPasskey.read() && lastUsername.read()) {
    const loadAutofillParts = () => Promise.all([loadUserAuth(), loadPasskeyAutofill()])
    whenIdle(
      () =>
        void prefetch(loadAutofillParts, ([auth, { bindPasskeyAutofill }]) =>
          bindPasskeyAutofill(auth, { username, form, prerenderNext }),
        ),
    )
  }
}

function bindEmailCode({ rememberMe, handleOutcome }: PasswordlessOptions): void {
  show('#email-code')
  const noEmailCode = {
    text: t(
      "We can't email a code for this account. Check the email or username, or sign in another way.",
    ),
    field: 'username',
  }
  bindForm({
    form: '#email-code',
    fields: { username: readUsername },
    errors: { 'incorrect-credentials': noEmailCode, 'user-not-found': noEmailCode },
    async submit(typed) {
      const [auth, emailCode] = await Promise.all([loadUserAuth(), loadEmailCode()])
      rememberEmail(typed.username)
      const attempt = { username: typed.username, rememberMe: rememberMe.checked }
      return handleOutcome(await emailCode.requestCode(auth, attempt), typed.username)
    },
  })
}

function show(selector: string): HTMLFormElement {
  const form = requireElement(selector, HTMLFormElement)
  requireElement('#passwordless', HTMLElement).hidden = false
  form.hidden = false
  return form
}
