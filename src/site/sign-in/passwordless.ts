/**
 * The ways to sign in without a password, below the password: those that the pool and this browser have. What they do is
 * fetched when a rider turns to one of them.
 */

import { loadUserAuth, type SignInOutcome } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readUsername } from '../forms/fields.ts'
import type { SubmitResult } from '../forms/submit-result.ts'
import { withTexts } from '../i18n/t.ts'
import { prefetch } from '../layout/prefetch-auth.ts'
import { requireElement } from '../lib/elements.ts'
import { whenIdle } from '../lib/idle.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { hasUsedPasskey, lastUsername, rememberEmail } from '../lib/tab-state.ts'
import { hasPasskeyCapability } from '../lib/webauthn-support.ts'

/** One file each for the service's side and for the browser's. */
const loadPasskey = lazyImport(
  withTexts(() => Promise.all([loadUserAuth(), import('./passkey-sign-in.ts')] as const)),
)
const loadEmailCode = lazyImport(
  withTexts(() => Promise.all([loadUserAuth(), import('./email-code.ts')] as const)),
)

export interface PasswordlessPage {
  readonly username: HTMLInputElement
  readonly password: HTMLInputElement
  readonly rememberMe: HTMLInputElement
  /** Prepares the page that comes next. */
  readonly prerenderNext: () => void
  readonly handleOutcome: (outcome: SignInOutcome, username: string) => Promise<SubmitResult>
}

interface Attempt {
  /** as it was typed */
  readonly username: string
  readonly rememberMe: boolean
}

/** Binds the forms that `inline/sign-in-methods.ts` has shown. */
export function bindPasswordless(page: PasswordlessPage): void {
  const isShown = (form: string) => !requireElement(form, HTMLFormElement).hidden
  if (isShown('#passkey')) bindPasskey(page)
  if (isShown('#email-code')) {
    bindWay('#email-code', page, async (attempt) => {
      const [auth, { signInWithEmailCode }] = await loadEmailCode()
      return signInWithEmailCode(auth, attempt, page.handleOutcome)
    })
  }
}

function bindPasskey(page: PasswordlessPage): void {
  const form = bindWay('#passkey', page, async (attempt) => {
    const [auth, { signInWithPasskey }] = await loadPasskey()
    return signInWithPasskey(auth, attempt, page.handleOutcome)
  })
  const turnTo = () => {
    // As it is now: when the script is there, another name may be half typed.
    const name = readUsername(page.username)
    void prefetch(loadPasskey, ([auth, { prefetchChallenge }]) => {
      if ('value' in name) prefetchChallenge(auth, { ...page, username: name.value })
    })
  }
  for (const event of ['focusin', 'pointerenter', 'pointerdown']) {
    form.addEventListener(event, turnTo)
  }
  void bindQuickSignIn(form, page)
  if (hasUsedPasskey.read() && lastUsername.read()) {
    whenIdle(
      () =>
        void prefetch(loadPasskey, ([auth, { bindPasskeyAutofill }]) =>
          bindPasskeyAutofill(auth, { form, ...page }),
        ),
    )
  }
}

/** "Sign in" with nothing typed: a browser that can shows what it has saved, before the fields' problems are told. */
async function bindQuickSignIn(
  passkeyForm: HTMLFormElement,
  page: PasswordlessPage,
): Promise<void> {
  if (!(await hasPasskeyCapability('immediateGet'))) return
  const passwordForm = requireElement('#signin', HTMLFormElement)
  let hasAsked = false
  /** whether the rider types or presses something while the browser is not asked yet */
  let isAbandoned = false
  const abandon = () => {
    isAbandoned = hasAsked
  }
  const choose = async () => {
    let isChosen = false
    await prefetch(loadPasskey, async ([auth, { chooseSaved }]) => {
      isChosen = await chooseSaved(auth, {
        ...page,
        passwordForm,
        passkeyForm,
        isAbandoned: () => isAbandoned,
      })
    })
    // A password that is half typed is not sent.
    if (!isChosen && !isAbandoned) passwordForm.requestSubmit()
  }
  passwordForm.addEventListener('input', abandon)
  // Before the form's own listeners.
  document.addEventListener(
    'submit',
    (event) => {
      const isTyped =
        page.password.value || !['', lastUsername.read()].includes(page.username.value)
      if (hasAsked || isTyped || event.target !== passwordForm) return abandon()
      hasAsked = true
      event.preventDefault()
      event.stopPropagation()
      void choose()
    },
    { capture: true },
  )
}

function bindWay(
  selector: string,
  { rememberMe }: PasswordlessPage,
  submit: (attempt: Attempt) => Promise<SubmitResult>,
): HTMLFormElement {
  const form = requireElement(selector, HTMLFormElement)
  bindForm({
    form: selector,
    fields: { username: readUsername },
    submit({ username }) {
      rememberEmail(username)
      return submit({
        username,
        get rememberMe() {
          return rememberMe.checked
        },
      })
    },
  })
  return form
}
