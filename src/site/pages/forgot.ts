/**
 * Password reset. Sends a code, then sets a new password with it; leaves to sign-in. A link with a code,
 * `forgot.html#code=…&email=…`, fills it in.
 */

import { loadSignUpAndReset } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { type EmailLink, takeEmailLink } from '../forms/email-link.ts'
import { noteCodeSent } from '../forms/emailed-codes.ts'
import { readAccountEmail } from '../forms/fields.ts'
import { networkSentences } from '../forms/form-errors.ts'
import { bindRememberedEmail } from '../forms/remembered-email.ts'
import { done } from '../forms/submit-result.ts'
import { withTexts } from '../i18n/t.ts'
import { showFlash } from '../layout/flash.ts'
import { leaveSteps } from '../layout/navigate.ts'
import { initPage } from '../layout/page-shell.ts'
import { prefetch, prefetchAuth } from '../layout/prefetch-auth.ts'
import { stepNumber } from '../layout/step-number.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { findNavigationType } from '../lib/navigation-type.ts'
import { NetworkError } from '../lib/network-error.ts'
import { rememberEmail, rememberedEmail } from '../lib/tab-state.ts'

const email = requireElement('#email', HTMLInputElement)
const loadResetStep = lazyImport(withTexts(() => import('../sign-in/reset-step.ts')))
const isReady = await initPage(bindPage)
const link = takeEmailLink()

if (isReady) {
  bindRememberedEmail(email)
  showFlash()
  prefetchAuth(loadSignUpAndReset)
  if (!openLink(link) && stepNumber() > 0) void continueAfterReload()
  // A link that is opened in the tab of this page.
  window.addEventListener('hashchange', () => openLink(takeEmailLink()))
}

function bindPage(): void {
  email.addEventListener('input', () => void prefetch(loadResetStep), { once: true })
  bindForm({
    form: '#request form',
    fields: { email: readAccountEmail },
    async submit(address) {
      const { requestPasswordReset } = await loadSignUpAndReset()
      // Before the code is sent: there must be a place to enter it.
      const { openResetStep, resetCode } = await loadResetStep()
      rememberEmail(address.email)
      await requestPasswordReset(address)
      return done(() => {
        noteCodeSent(resetCode(address.email))
        openResetStep(address.email)
      })
    },
  })
  requireElement('#have-code', HTMLButtonElement).addEventListener(
    'click',
    () => void continueWithCode(),
  )
}

/** Fills in what the link has, and sends nothing. @returns whether it has a code */
function openLink(link: EmailLink): boolean {
  if (link.email) {
    email.value = link.email
    rememberEmail(link.email)
  }
  if (!link.code) return false
  requireElement('#code', HTMLInputElement).value = link.code
  if (email.value !== '') void continueWithCode()
  return true
}

/** The code may have been sent before: to another device, or from another tab. */
async function continueWithCode(): Promise<void> {
  const address = email.value.trim()
  // Without an address the form says what is missing.
  if (address === '') return requireElement('#request form', HTMLFormElement).requestSubmit()
  try {
    const { openResetStep } = await loadResetStep()
    openResetStep(address)
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    announce(networkSentences[error.code])
  }
}

/** Also when the browser has discarded this tab meanwhile. The page's URL typed anew means its first step. */
async function continueAfterReload(): Promise<void> {
  const isNewVisit = (findNavigationType() ?? 'navigate') === 'navigate'
  if (isNewVisit || rememberedEmail() === '') return leaveSteps()
  await prefetch(loadResetStep, ({ openResetStep }) => openResetStep(rememberedEmail()))
}
