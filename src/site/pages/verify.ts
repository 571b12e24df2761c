/**
 * Verify page. Once the address is verified, leaves to the ride page, with the rider signed in, where this tab has registered
 * them, else to sign-in; sends a new code when asked. The link in an email, `verify.html#code=…&email=…`, fills it in and sends nothing. A code of another purpose is passed on.
 */

import { joinSession, loadSignUpAndReset } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readCode, submitWhenComplete } from '../forms/code-field.ts'
import { takeEmailLink, withEmailLink } from '../forms/email-link.ts'
import {
  getWaitingAddress,
  isWaiting,
  onVerified,
  reportVerified,
  setWaitingAddress,
} from '../forms/emailed-codes.ts'
import { readAccountEmail } from '../forms/fields.ts'
import { codeErrors } from '../forms/form-errors.ts'
import { bindRememberedEmail } from '../forms/remembered-email.ts'
import { bindResend, newCodeText } from '../forms/resend-code.ts'
import {
  findSignUpSession,
  forgetSignUpSession,
  type SignUpSession,
} from '../forms/sign-up-session.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { notVerifiedText, verifiedText } from '../i18n/shared-texts.ts'
import { t, withTexts } from '../i18n/t.ts'
import { setFlash, showFlash } from '../layout/flash.ts'
import { navigateTo } from '../layout/navigate.ts'
import { initPage } from '../layout/page-shell.ts'
import { prefetch, prefetchAuth, prerenderNext } from '../layout/prefetch-auth.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { showName } from '../lib/show-name.ts'
import { rememberEmail } from '../lib/tab-state.ts'
import { currentNext, routes, withNext } from '../routes.ts'

const form = requireElement('#verify', HTMLFormElement)
const email = requireElement('#email', HTMLInputElement)
const code = requireElement('#code', HTMLInputElement)
const uses = requireElement('#code-uses', HTMLElement)
/** as the link has it */
let linkedCode = ''
/** what sign-in or register has told */
let flash: string | undefined
/** Fetched where this tab has registered the address. */
const loadFirstSignIn = lazyImport(withTexts(() => import('../sign-in/first-sign-in.ts')))
/** Who is verified and still to be signed in: the next press goes on from there. */
let verified: SignUpSession | undefined

const isReady = await initPage(bindPage)
fillFromLink()
window.addEventListener('hashchange', fillFromLink)
if (isReady) {
  bindRememberedEmail(email)
  email.value ||= getWaitingAddress() ?? ''
  flash = showFlash()
  // The password was right, so there is such an account.
  if (flash === notVerifiedText) setWaitingAddress(typedAddress())
  showRecipient()
  prefetchAuth(loadSignUpAndReset)
  const signUp = findSignUpSession(typedAddress())
  if (signUp) {
    void prefetch(loadFirstSignIn, ({ prepareFirstSignIn }) => prepareFirstSignIn(signUp))
  }
  const next = currentNext()
  code.addEventListener(
    'input',
    () => prerenderNext(signUp ? (next ?? routes.ride) : withNext(routes.signIn, next)),
    { once: true },
  )
  // A program that opens every link of an email verifies nothing.
  submitWhenComplete({ form, code }, () => email.value !== '' && code.value !== linkedCode)
  const resend = bindResend({
    fields: { email: readAccountEmail },
    code: () => ({ purpose: 'sign-up', to: typedAddress() }),
    async resend(address) {
      const { resendCode } = await loadSignUpAndReset()
      rememberEmail(address.email)
      await resendCode(address)
      return done(showRecipient)
    },
    describe: describeResend,
  })
  email.addEventListener('input', resend.startCountdown)
  if (flash === notVerifiedText) resend.submit()
  onVerified((address) => {
    // A code that is kept for another purpose stays.
    if (!uses.hidden || address.toLowerCase() !== typedAddress().toLowerCase()) return
    forgetSignUpSession()
    setFlash(verifiedText)
    location.assign(withNext(routes.signIn, currentNext()))
  })
  if (linkedCode !== '' && (await joinSession())) showUses()
}

function bindPage(): void {
  bindForm({
    form: '#verify',
    fields: { email: readAccountEmail, code: readCode },
    errors: codeErrors('code'),
    submit: verify,
  })
}

async function verify(confirmation: { email: string; code: string }): Promise<SubmitResult> {
  rememberEmail(confirmation.email)
  if (verified?.email === confirmation.email) return signIn(verified)
  const { confirmSignUp } = await loadSignUpAndReset()
  const signUp = findSignUpSession(confirmation.email)
  const outcome = await confirmSignUp({ ...confirmation, session: signUp?.session })
  switch (outcome.kind) {
    case 'confirmed':
      reportVerified(confirmation.email)
      if (signUp) {
        forgetSignUpSession()
        verified = { ...signUp, email: confirmation.email, session: outcome.session }
        return signIn(verified)
      }
      return navigateTo(withNext(routes.signIn, currentNext()), verifiedText)
    case 'already-confirmed':
      reportVerified(confirmation.email)
      return done(() => {
        showRecipient()
        requireElement('#already-verified', HTMLElement).hidden = false
        showUses(confirmation)
      })
    default:
      return outcome satisfies never
  }
}

/** @throws {AuthError} when there is no response, and then the next press tries again */
async function signIn(signUp: SignUpSession): Promise<SubmitResult> {
  const { signInAfterVerifying } = await loadFirstSignIn()
  const result = await signInAfterVerifying(signUp)
  verified = undefined
  return result
}

/** The email is the same for every purpose: the rider knows what the code was for. */
function showUses(link: { code: string; email?: string } = { code: linkedCode }): void {
  requireElement('#use-for-reset', HTMLAnchorElement).href = withEmailLink(
    withNext(routes.forgot, currentNext()),
    link,
  )
  requireElement('#use-for-new-email', HTMLAnchorElement).href = withEmailLink(routes.account, {
    code: link.code,
  })
  uses.hidden = false
  uses.focus()
}

function fillFromLink(): void {
  const link = takeEmailLink()
  if (link.email) {
    email.value = link.email
    rememberEmail(link.email)
  }
  if (link.code) {
    linkedCode = link.code
    code.value = link.code
    code.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

function typedAddress(): string {
  const reading = readAccountEmail(email)
  return 'value' in reading ? reading.value : ''
}

/** Says who the code was sent to, where that is certain. */
function showRecipient(): void {
  const address = typedAddress()
  const isCertain = address !== '' && isWaiting(address)
  requireElement('#sent-to', HTMLElement).hidden = !isCertain
  showName(requireElement('#sent-to bdi', HTMLElement), isCertain ? address : '')
}

/** The service accepts a request for any address. */
function describeResend(): string {
  const isCertain = isWaiting(typedAddress())
  requireElement('#register-again', HTMLElement).hidden = isCertain
  if (!isCertain) return t("If this address isn't verified yet, a code is on its way.")
  return flash === notVerifiedText
    ? t('{sentence} {next}', { sentence: notVerifiedText, next: newCodeText })
    : newCodeText
}
