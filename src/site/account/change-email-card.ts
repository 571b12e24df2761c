/** The card that changes the email address: until the code sent to the new one is entered, the current one stays. */

import { type AccountDetails, changeEmail, type Session, sendEmailCode } from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { readEmail } from '../forms/email-field.ts'
import { linkedCode } from '../forms/email-link.ts'
import { bindEmailSuggestion } from '../forms/email-suggestion.ts'
import type { FieldReading } from '../forms/form-field.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { t, withTexts } from '../i18n/t.ts'
import { prefetch } from '../layout/prefetch-auth.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { showName } from '../lib/show-name.ts'
import { createUserValue, lastUsername, rememberEmail, type TabValue } from '../lib/tab-state.ts'
import { showBadge } from './badge.ts'
import { clearPendingEmail, getPendingEmail, setPendingEmail } from './pending-email.ts'
import { withRecentSignIn } from './recent-sign-in.ts'
import { hasOwnUsername } from './sign-in-name.ts'

/** Fetched when an address waits to be verified. */
const loadPendingEmail = lazyImport(withTexts(() => import('./pending-email-step.ts')))

export interface ChangeEmailCard {
  show(details: AccountDetails, session: Session): void
  hide(): void
}

/** Binds the section `#change-email`. */
export function bindChangeEmail(page: ProtectedPage): ChangeEmailCard {
  const section = requireElement('#change-email', HTMLElement)
  const heading = requireElement('h2', HTMLElement, section)
  const input = requireElement('#new-email', HTMLInputElement)
  const currentEmail = requireElement('#email-now', HTMLElement)
  const emailState = requireElement('#email-state', HTMLElement)
  const ownUsername = requireElement('#own-username', HTMLElement)
  const verifyCurrent = requireElement('#verify-current-email', HTMLFormElement)
  const pendingPlace = requireElement('#pending-place', HTMLElement)
  const changeButton = requireElement('#new-email-form .button', HTMLElement)
  let details: AccountDetails | undefined
  /** of the user whose account is shown */
  let sub: string | undefined
  /** the address that is shown as waiting to be verified; empty when it is not known */
  let pendingEmail: string | undefined
  /** whether its form does something: until then its buttons are disabled */
  let isPendingBound = false

  bindEmailSuggestion(input)
  // Should the session end meanwhile, what was typed is there again after the next sign-in.
  input.addEventListener('input', () => {
    if (sub !== undefined) draftOf(sub).write(input.value)
  })
  bindForm({
    form: '#new-email-form',
    fields: { 'new-email': readNewEmail },
    errors: {
      'username-exists': { field: 'new-email' },
      'delivery-failed': { field: 'new-email' },
    },
    submit: ({ 'new-email': email }) =>
      withRecentSignIn(page, (session) => startVerification(session, email)),
  })
  bindForm({
    form: '#verify-current-email',
    fields: {},
    submit: () => page.withSession((session) => startVerification(session, details?.email ?? '')),
  })

  function readNewEmail(field: HTMLInputElement): FieldReading<string> {
    const reading = readEmail(field)
    return 'value' in reading && isVerified(reading.value)
      ? { problem: t('Enter an address other than your current one') }
      : reading
  }

  function isVerified(email: string): boolean {
    return details?.isEmailVerified === true && isCurrent(email)
  }

  /** Whether the case of letters counts is for each email provider to say; hardly any counts it. */
  function isCurrent(email: string): boolean {
    return details?.email?.toLowerCase() === email.toLowerCase()
  }

  async function startVerification(session: Session, email: string): Promise<SubmitResult> {
    await sendCode(session, email)
    setPendingEmail(session, email)
    return done(() => showSent(email))
  }

  /** The current address, when it is not verified yet, is not changed but verified. */
  function sendCode(session: Session, email: string): Promise<void> {
    return isCurrent(email) ? sendEmailCode(session) : changeEmail(session, { email })
  }

  async function showSent(email: string): Promise<void> {
    clearInput()
    await page.refresh()
    announce(
      pendingEmail === undefined
        ? describeChange(email)
        : t('A code is on its way to {email}.', { email }),
    )
    const news = pendingPlace.querySelector('h3') ?? heading
    news.focus()
  }

  function describeChange(email: string): string {
    return t('Your email address is now {email}.', { email })
  }

  /** Where the address signs in, forms fill in the new one from now on, in whatever tab it was verified. */
  function followChange(session: Session, email: string | undefined): void {
    if (hasOwnUsername(session) || !details?.email || !email || isCurrent(email)) return
    rememberEmail(email)
    if (isCurrent(lastUsername.read() ?? '')) lastUsername.write(email)
  }

  /** Once: what is typed later stays as it is. */
  function restoreDraft(owner: string): void {
    if (sub === owner) return
    sub = owner
    input.value ||= draftOf(owner).read() ?? ''
  }

  function clearInput(): void {
    input.value = ''
    input.dispatchEvent(new Event('input'))
  }

  /** An address that is shown already stays as it is, with what is typed. */
  function showPendingEmail(session: Session): void {
    const email = getPendingEmail(session.sub) ?? (linkedCode.read() === undefined ? undefined : '')
    const isCurrent = email === details?.email
    verifyCurrent.hidden = !details?.email || details.isEmailVerified || isCurrent
    // What is waited for is the next step.
    changeButton.classList.toggle('button-secondary', email !== undefined)
    if (email !== pendingEmail) {
      pendingEmail = email
      isPendingBound = false
      pendingPlace.replaceChildren()
      if (email !== undefined) renderPendingEmail(email)
    }
    if (email !== undefined && !isPendingBound) void bindPending(session, email)
  }

  function renderPendingEmail(email: string): void {
    pendingPlace.append(cloneTemplate('#pending-step'))
    showName(requireElement('#pending-email', HTMLElement), email)
    requireElement('#pending-sent', HTMLElement).hidden = email === ''
    requireElement('#pending-unknown', HTMLElement).hidden = email !== ''
    // Without the address there is nothing to send a code to.
    requireElement('#resend [type=submit]', HTMLButtonElement).hidden = email === ''
    // A code that is linked may be for the current address, as long as that one is not verified.
    if (email ? email !== details?.email : details?.isEmailVerified) return
    requireElement('#pending-new', HTMLElement).hidden = true
    requireElement('#forget-pending', HTMLButtonElement).textContent = t('Not now')
  }

  /** Where its script cannot be fetched, the next time that the page is shown. */
  function bindPending(session: Session, email: string): Promise<void> {
    return prefetch(loadPendingEmail, ({ bindPendingEmail }) => {
      if (isPendingBound || email !== pendingEmail) return
      isPendingBound = true
      bindPendingEmail(page, {
        session,
        sendCode: () => sendCode(session, email),
        onVerified: () =>
          endPending(
            session,
            email && email !== details?.email
              ? describeChange(email)
              : t('Your email address is verified.'),
          ),
        onForgotten: () => endPending(session, t('Your current email address stays.')),
      })
    })
  }

  async function endPending(session: Session, news: string): Promise<void> {
    clearPendingEmail(session.sub)
    linkedCode.remove()
    showPendingEmail(session)
    announce(news)
    heading.focus()
    await page.refresh()
  }

  return {
    show(current, session) {
      followChange(session, current.email)
      details = current
      restoreDraft(session.sub)
      showName(currentEmail, current.email ?? '')
      const isVerifiedNow = current.isEmailVerified
      showBadge(emailState, isVerifiedNow ? t('Verified') : t('Not verified'), isVerifiedNow)
      ownUsername.hidden = !hasOwnUsername(session)
      showName(requireElement('bdi', HTMLElement, ownUsername), session.username)
      if (isVerified(getPendingEmail(session.sub) ?? '')) clearPendingEmail(session.sub)
      showPendingEmail(session)
    },
    hide() {
      details = undefined
      sub = undefined
      pendingEmail = undefined
      isPendingBound = false
      const texts = [currentEmail, emailState, requireElement('bdi', HTMLElement, ownUsername)]
      for (const place of [...texts, pendingPlace]) place.replaceChildren()
      clearInput()
    },
  }
}

/** A new address that was typed and not sent yet. */
function draftOf(sub: string): TabValue {
  return createUserValue(`newEmail.${sub}`)
}
