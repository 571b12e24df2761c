/** Changing the e-mail address: a code goes to the new one, and until it is entered the present one stays. */

import { type AccountDetails, account } from '../auth/account.ts'
import type { Session } from '../auth/session.ts'
import { submitCompleteCodeOnce } from '../code-field.ts'
import { bindEmailSuggestion } from '../email-suggestion.ts'
import { readCode, readEmail } from '../fields.ts'
import {
  carryEmail,
  forgetPendingEmail,
  keepPendingEmail,
  pendingEmail,
  startResendWait,
} from '../journey.ts'
import { messages } from '../messages.ts'
import { aboutCode, describeProblem } from '../problems.ts'
import { bindResend } from '../resend.ts'
import type { SignedInPage } from '../signed-in-page.ts'
import { createFromTemplate, requireElement } from '../ui/elements.ts'
import { bindForm } from '../ui/form.ts'
import { announce } from '../ui/status.ts'
import { actAfterProof } from './confirm-identity.ts'
import { hasFixedName } from './rider-name.ts'

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
        return isNew ? reading : { problem: messages.emailUnchanged }
      },
    },
    words: messages,
    describe: (error) =>
      describeProblem(error, {
        'username-exists': { field: 'new-email' },
        'delivery-failed': { field: 'new-email' },
      }),
    submit: ({ 'new-email': email }) =>
      actAfterProof(page, async (session) => {
        await sendCode(session, email)
        keepPendingEmail(session, email)
        startResendWait(Date.now())
        return async () => {
          empty()
          await page.refresh()
          announce(pending ? messages.emailCodeSent(email) : messages.emailChanged(email))
          const news = pendingPlace.querySelector('h3') ?? heading
          news.focus()
        }
      }),
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
      words: messages,
      describe: (error) =>
        describeProblem(error, {
          ...aboutCode('email-code'),
          'username-exists': { field: 'email-code' },
        }),
      submit: ({ 'email-code': code }) =>
        page.act(async () => {
          await account.verifyEmail(session, { code })
          if (!hasFixedName(session)) carryEmail(email)
          return () => endPending(session, messages.emailChanged(email))
        }),
    })
    submitCompleteCodeOnce({
      form: requireElement('#verify-email', HTMLFormElement),
      code: requireElement('#email-code', HTMLInputElement),
    })
    bindResend({
      fields: {},
      send: () => sendCode(session, email),
      guard: (run) => page.act(run),
    })
    requireElement('#forget-pending', HTMLButtonElement).addEventListener('click', () => {
      void endPending(session, messages.emailKept)
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
        ? messages.emailVerified
        : messages.emailNotVerified
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
