/**
 * Register page, with a password or by a passkey alone. Leaves to verify once a code is sent; offers ways on when the
 * address has an account.
 */

import { joinSession, loadSignUpAndReset } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readEmail } from '../forms/email-field.ts'
import { bindEmailSuggestion } from '../forms/email-suggestion.ts'
import { noteCodeSent, setWaitingAddress } from '../forms/emailed-codes.ts'
import {
  bindPasswordRules,
  createConfirmationReader,
  newPasswordErrors,
  readNewPassword,
} from '../forms/new-password-field.ts'
import { bindRememberedEmail } from '../forms/remembered-email.ts'
import { keepSignUpSession } from '../forms/sign-up-session.ts'
import { type SubmitResult, submitError } from '../forms/submit-result.ts'
import { t, withTexts } from '../i18n/t.ts'
import { showFlash } from '../layout/flash.ts'
import { navigateTo } from '../layout/navigate.ts'
import { initPage } from '../layout/page-shell.ts'
import { prefetch, prefetchAuth, prerenderNext } from '../layout/prefetch-auth.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { rememberEmail } from '../lib/tab-state.ts'
import { currentNext, routes, withNext } from '../routes.ts'

const email = requireElement('#email', HTMLInputElement)
const password = requireElement('#new-password', HTMLInputElement)
const loadWaysOn = lazyImport(withTexts(() => import('../sign-in/ways-on.ts')))

if (await initPage(bindPage)) {
  bindRememberedEmail(email)
  showFlash()
  prefetchAuth(loadSignUpAndReset)
  if (await joinSession()) void prefetch(loadWaysOn, ({ greet }) => greet())
}

function bindPage(): void {
  bindEmailSuggestion(email)
  bindPasswordRules(password)
  password.addEventListener('focus', () => prerenderNext(withNext(routes.verify, currentNext())), {
    once: true,
  })
  bindForm({
    form: '#register',
    fields: {
      email: readEmail,
      'new-password': readNewPassword,
      'confirm-password': createConfirmationReader(password),
    },
    checkOnLeave: ['email', 'confirm-password'],
    errors: { ...newPasswordErrors('new-password'), 'delivery-failed': { field: 'email' } },
    submit: (typed) => register({ email: typed.email, password: typed['new-password'] }),
  })
  bindPasskey()
}

/**
 * An account without a password, where `inline/sign-in-methods.ts` has shown its form: pool and browser have passkeys, and an
 * emailed code signs in whoever has lost theirs.
 */
function bindPasskey(): void {
  if (requireElement('#passkey', HTMLFormElement).hidden) return
  bindForm({
    form: '#passkey',
    fields: { email: readEmail },
    errors: { 'delivery-failed': { field: 'email' } },
    submit: ({ email: address }) => register({ email: address }),
  })
}

async function register(account: { email: string; password?: string }): Promise<SubmitResult> {
  const { signUp } = await loadSignUpAndReset()
  rememberEmail(account.email)
  const outcome = await signUp(account)
  switch (outcome.kind) {
    case 'code-sent':
      setWaitingAddress(account.email)
      noteCodeSent({ purpose: 'sign-up', to: account.email })
      keepSignUpSession({
        email: account.email,
        session: outcome.session,
        wantsPasskey: account.password === undefined,
      })
      return navigateTo(
        withNext(routes.verify, currentNext()),
        t('Your account is ready. Now verify your email address.'),
      )
    case 'account-exists':
      return offerWaysOn()
    default:
      return outcome satisfies never
  }
}

function offerWaysOn(): SubmitResult {
  const next = currentNext()
  return submitError({
    text: t('This email address already has an account. Is it yours?'),
    links: [
      { text: t('Sign in'), href: withNext(routes.signIn, next) },
      { text: t('Reset your password'), href: withNext(routes.forgot, next) },
      { text: t('Verify your email'), href: withNext(routes.verify, next) },
    ],
  })
}
