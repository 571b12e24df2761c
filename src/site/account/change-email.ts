/** Changing the e-mail address: a code goes to the new one, and until it is entered the present one stays. */

import { accountWords } from '#words/account.ts'
import { formWords } from '#words/form.ts'
import { type AccountDetails, account } from '../auth/account-settings.ts'
import type { Session } from '../auth/session/session.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readCode, submitCompleteCodeOnce } from '../forms/code-field.ts'
import { readEmail } from '../forms/email-field.ts'
import { bindEmailSuggestion } from '../forms/email-suggestion.ts'
import { aboutCode, type ProblemsByCode } from '../forms/error-messages.ts'
import { bindResend } from '../forms/resend-code.ts'
import { startResendWait } from '../forms/resend-cooldown.ts'
import type { SignedInPage } from '../layout/protected-page.ts'
import { createFromTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { carryEmail } from '../lib/tab-state.ts'
import { forgetPendingEmail, keepPendingEmail, pendingEmail } from './pending-email.ts'
import { actAfterProof } from './reauthenticate.ts'
import { hasFixedName } from './sign-in-name.ts'

/** What a refusal of the new address is about. */
const aboutNewEmail: ProblemsByCode = {
  'username-exists': { field: 'new-email' },
  'delivery-failed': { field: 'new-email' },
}

export interface EmailChange {
  show(details: AccountDetails, session: Session): void
  hide(): void
}

/** Binds the section `#change-email`. */
export function bindEmailChange(page: SignedInPage): EmailChange {
  const section = requireElement('#change-email', HTMLElement)
  const heading = requireElement('h2', HTMLElement, section)
  const input = requireElement('#new-email', HTMLInputElement)
  const now = requireElement('#email-now', HTMLElement)
  const state = requireElement('#email-state', HTMLElement)
  const fixedName = requireElement('#fixed-name', HTMLElement)
  const pendingPlace = requireElement('#pending-place', HTMLElement)
  let present: AccountDetails | undefined
  /** the address that is shown as waiting */
  let pending: string | undefined

  bindEmailSuggestion(input)
  bindForm({
    form: '#new-email-form',
    fields: {
      'new-email': (field) => {
        const reading = readEmail(field)
        const isNew = !('value' in reading && isProved(reading.value))
        return isNew ? reading : { problem: accountWords.emailUnchanged }
      },
    },
    words: formWords,
    submit: ({ 'new-email': email }) =>
      actAfterProof(
        page,
        async (session) => {
          await sendCode(session, email)
          keepPendingEmail(session, email)
          startResendWait(Date.now())
          return async () => {
            empty()
            await page.refresh()
            announce(pending ? accountWords.emailCodeSent(email) : accountWords.emailChanged(email))
            const news = pendingPlace.querySelector('h3') ?? heading
            news.focus()
          }
        },
        aboutNewEmail,
      ),
  })

  function isProved(email: string): boolean {
    return present?.isEmailVerified === true && present.email === email
  }

  /** An address that is the present one already, and not proved yet, is not changed but proved. */
  function sendCode(session: Session, email: string): Promise<void> {
    return email === present?.email
      ? account.sendEmailCode(session)
      : account.changeEmail(session, { email })
  }

  function empty(): void {
    input.value = ''
    input.dispatchEvent(new Event('input'))
  }

  /** The same address stays as it is shown, with what is typed. */
  function showPending(session: Session): void {
    const email = pendingEmail(session.sub)
    if (email === pending) return
    pending = email
    pendingPlace.replaceChildren(
      ...(email === undefined ? [] : [createFromTemplate('#pending-step')]),
    )
    if (email !== undefined) bindPending(session, email)
  }

  function bindPending(session: Session, email: string): void {
    requireElement('#pending-email', HTMLElement).textContent = email
    bindForm({
      form: '#verify-email',
      fields: { 'email-code': readCode },
      words: formWords,
      submit: ({ 'email-code': code }) =>
        page.act(
          async () => {
            await account.verifyEmail(session, { code })
            if (!hasFixedName(session)) carryEmail(email)
            return () => endPending(session, accountWords.emailChanged(email))
          },
          { ...aboutCode('email-code'), 'username-exists': { field: 'email-code' } },
        ),
    })
    submitCompleteCodeOnce({
      form: requireElement('#verify-email', HTMLFormElement),
      code: requireElement('#email-code', HTMLInputElement),
    })
    bindResend({
      fields: {},
      send: (_, onSent) =>
        page.act(async () => {
          await sendCode(session, email)
          return onSent
        }),
    })
    requireElement('#forget-pending', HTMLButtonElement).addEventListener('click', () => {
      void endPending(session, accountWords.emailKept)
    })
  }

  async function endPending(session: Session, news: string): Promise<void> {
    forgetPendingEmail(session.sub)
    showPending(session)
    announce(news)
    heading.focus()
    await page.refresh()
  }

  return {
    show(details, session) {
      present = details
      now.textContent = details.email ?? ''
      state.textContent = details.isEmailVerified
        ? accountWords.emailVerified
        : accountWords.emailNotVerified
      fixedName.hidden = !hasFixedName(session)
      requireElement('bdi', HTMLElement, fixedName).textContent = session.username
      if (isProved(pendingEmail(session.sub) ?? '')) forgetPendingEmail(session.sub)
      showPending(session)
    },
    hide() {
      present = undefined
      pending = undefined
      const texts = [now, state, requireElement('bdi', HTMLElement, fixedName)]
      for (const place of [...texts, pendingPlace]) place.replaceChildren()
      empty()
    },
  }
}
