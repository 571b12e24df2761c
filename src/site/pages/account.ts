/**
 * Account page, for signed-in riders: who they are, and everything they may change about it. Leaves to
 * sign-in when they sign out or delete the account.
 */

import { type AccountDetails, account } from '../auth/account.ts'
import type { Session } from '../auth/session.ts'
import { bindAuthenticatorSetup } from '../authenticator-setup.ts'
import { submitCompleteCodeOnce } from '../code-field.ts'
import { confirmIdentity } from '../confirm-identity.ts'
import { bindEmailSuggestion } from '../email-suggestion.ts'
import { createCheckReader, readCode, readEmail, readNewPassword, readPassword } from '../fields.ts'
import { startPage } from '../frame.ts'
import {
  carryEmail,
  forgetPendingEmail,
  keepPendingEmail,
  pendingEmail,
  startResendWait,
} from '../journey.ts'
import { messages } from '../messages.ts'
import { bindPasswordRules } from '../password-rules.ts'
import { aboutCode, describeProblem } from '../problems.ts'
import { bindResend } from '../resend.ts'
import { hasFixedName, signInName } from '../rider-name.ts'
import { openSignedInPage, type SignedInPage } from '../signed-in-page.ts'
import { createFromTemplate, requireElement } from '../ui/elements.ts'
import { bindForm, type SubmitEnd } from '../ui/form.ts'
import { announce } from '../ui/status.ts'

const who = requireElement('#who', HTMLElement)
const emailNow = requireElement('#email-now', HTMLElement)
const emailState = requireElement('#email-state', HTMLElement)
const fixedName = requireElement('#fixed-name', HTMLElement)
const parts = requireElement('#parts', HTMLElement)
const identityPlace = requireElement('#identity-place', HTMLElement)
const pendingPlace = requireElement('#pending-place', HTMLElement)
const newEmail = requireElement('#new-email', HTMLInputElement)
const accountName = requireElement('#account', HTMLInputElement)
const currentPassword = requireElement('#current-password', HTMLInputElement)
const newPassword = requireElement('#new-password', HTMLInputElement)
const appStart = requireElement('#app-start', HTMLFormElement)
const appStop = requireElement('#app-stop', HTMLFormElement)
const appPlace = requireElement('#app-place', HTMLElement)

/** the address that the page shows as waiting */
let shownPending: string | undefined
let isTargetShown = false

if (startPage()) {
  const page = openSignedInPage({
    show,
    showDetails: (details, session) => showDetails(page, details, session),
    hide,
  })
  bindEmailChange(page)
  bindPasswordChange(page)
  bindAuthenticatorApp(page)
  bindSignOutEverywhere(page)
  bindDeletion(page)
}

function show(session: Session): void {
  who.textContent = signInName(session)
  accountName.value = signInName(session)
  fixedName.hidden = !hasFixedName(session)
  requireElement('bdi', HTMLElement, fixedName).textContent = session.username
}

function showDetails(page: SignedInPage, details: AccountDetails, session: Session): void {
  emailNow.textContent = details.email ?? ''
  emailState.textContent = details.isEmailVerified
    ? messages.emailVerified
    : messages.emailNotVerified
  showPending(page, details, session)
  showApp(details)
  goToTarget()
}

function hide(): void {
  for (const place of [who, emailNow, identityPlace, pendingPlace, appPlace])
    place.replaceChildren()
  parts.hidden = false
  for (const form of document.forms) form.reset()
  accountName.value = ''
  shownPending = undefined
}

/** What the address names was not there yet when the browser looked for it. */
function goToTarget(): void {
  const heading = isTargetShown ? null : document.querySelector<HTMLElement>(':target h2')
  isTargetShown = true
  // Only when this has been painted is there something to scroll to.
  if (heading) requestAnimationFrame(() => heading.focus())
}

/** Runs an act that needs a recent proof of who is there. */
function actAfterProof(
  page: SignedInPage,
  run: (session: Session) => Promise<SubmitEnd>,
): Promise<SubmitEnd> {
  return page.act(async (session) => {
    const isProved = await confirmIdentity(session)
    return isProved ? page.act(run) : () => undefined
  })
}

function bindEmailChange(page: SignedInPage): void {
  bindEmailSuggestion(newEmail)
  bindForm({
    form: '#new-email-form',
    fields: {
      'new-email': (input) => {
        const reading = readEmail(input)
        const isUnchanged = 'value' in reading && reading.value === emailNow.textContent
        return isUnchanged ? { problem: messages.emailUnchanged } : reading
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
        const outcome = await account.changeEmail({ email })
        if (outcome.kind === 'code-sent') {
          keepPendingEmail(session, email)
          startResendWait(Date.now())
        }
        return async () => {
          newEmail.value = ''
          await page.refresh()
          announce(
            outcome.kind === 'changed'
              ? messages.emailChanged(email)
              : messages.emailCodeSent(email),
          )
          pendingPlace.querySelector('h3')?.focus()
        }
      }),
  })
}

/** Shows which address waits for its code; the same one stays as it is, with what is typed. */
function showPending(page: SignedInPage, details: AccountDetails, session: Session): void {
  if (pendingEmail(session.sub) === details.email) forgetPendingEmail(session.sub)
  const email = pendingEmail(session.sub)
  if (email === shownPending) return
  shownPending = email
  if (email === undefined) {
    pendingPlace.replaceChildren()
    return
  }
  pendingPlace.replaceChildren(createFromTemplate('#pending-step'))
  requireElement('#pending-email', HTMLElement).textContent = email
  const code = requireElement('#email-code', HTMLInputElement)
  bindForm({
    form: '#verify-email',
    fields: { 'email-code': readCode },
    words: messages,
    describe: (error) =>
      describeProblem(error, {
        ...aboutCode('email-code'),
        'username-exists': { field: 'email-code' },
      }),
    submit: ({ 'email-code': typed }) =>
      page.act(async () => {
        await account.verifyEmail({ code: typed })
        forgetPendingEmail(session.sub)
        if (!hasFixedName(session)) carryEmail(email)
        return async () => {
          await page.refresh()
          announce(messages.emailChanged(email))
        }
      }),
  })
  submitCompleteCodeOnce({ form: requireElement('#verify-email', HTMLFormElement), code })
  bindResend({
    fields: {},
    async send() {
      await account.changeEmail({ email })
    },
  })
  requireElement('#forget-pending', HTMLButtonElement).addEventListener('click', () => {
    forgetPendingEmail(session.sub)
    void page.refresh()
  })
}

function bindPasswordChange(page: SignedInPage): void {
  bindPasswordRules(newPassword)
  bindForm({
    form: '#new-password-form',
    fields: {
      'current-password': readPassword,
      'new-password': readNewPassword,
    },
    words: messages,
    describe: (error) =>
      describeProblem(error, {
        'incorrect-credentials': {
          text: messages.currentPasswordWrong,
          field: 'current-password',
          empties: 'current-password',
          selectsField: true,
        },
        'password-rejected': { field: 'new-password' },
      }),
    submit: (typed) =>
      page.act(async () => {
        await account.changePassword({
          current: typed['current-password'],
          proposed: typed['new-password'],
        })
        return () => {
          for (const field of [currentPassword, newPassword]) field.value = ''
          newPassword.dispatchEvent(new Event('input'))
          announce(messages.passwordChanged)
        }
      }),
  })
}

function showApp({ hasAuthenticatorApp }: AccountDetails): void {
  requireElement('#app-off', HTMLElement).hidden = hasAuthenticatorApp
  requireElement('#app-on', HTMLElement).hidden = !hasAuthenticatorApp
  appStop.hidden = !hasAuthenticatorApp
  appStart.hidden = hasAuthenticatorApp || appPlace.hasChildNodes()
}

function bindAuthenticatorApp(page: SignedInPage): void {
  bindForm({
    form: '#app-start',
    fields: {},
    words: messages,
    describe: describeProblem,
    submit: () =>
      actAfterProof(page, async (session) => {
        const key = await account.createAppKey()
        return () => showSetup(page, { key, name: session.email ?? session.username })
      }),
  })
  bindForm({
    form: '#app-stop',
    fields: {},
    words: messages,
    describe: describeProblem,
    submit: () =>
      actAfterProof(page, async () => {
        await account.turnOffApp()
        return () => endSetup(page, messages.appTurnedOff)
      }),
  })
}

function showSetup(page: SignedInPage, app: { key: string; name: string }): void {
  const setup = createFromTemplate('#app-step')
  appPlace.replaceChildren(setup)
  appStart.hidden = true
  bindAuthenticatorSetup(app, (code) =>
    page.act(async () => {
      await account.turnOnApp({ code })
      return () => endSetup(page, messages.appTurnedOn)
    }),
  )
  requireElement('#app-cancel', HTMLButtonElement).addEventListener('click', () => {
    void endSetup(page, '')
  })
  requireElement('h3', HTMLElement, setup).focus()
}

async function endSetup(page: SignedInPage, news: string): Promise<void> {
  appPlace.replaceChildren()
  await page.refresh()
  announce(news)
  requireElement('#second-factor h2', HTMLElement).focus()
}

function bindSignOutEverywhere(page: SignedInPage): void {
  bindForm({
    form: '#sign-out-everywhere',
    fields: {},
    words: messages,
    describe: describeProblem,
    async submit() {
      page.conceal()
      const isEverywhere = await account.signOutEverywhere()
      return page.leave(isEverywhere ? 'signed-out-everywhere' : 'signed-out-here-only')
    },
  })
}

function bindDeletion(page: SignedInPage): void {
  bindForm({
    form: '#delete-form',
    fields: { 'delete-confirmed': createCheckReader(messages.deletionNotConfirmed) },
    words: messages,
    // Nothing so final happens by itself, minutes after it was asked for.
    describe: (error) => describeProblem(error, { offline: { waitsForNetwork: false } }),
    submit: () =>
      actAfterProof(page, async (session) => {
        await account.delete()
        forgetPendingEmail(session.sub)
        carryEmail('')
        return page.leave('account-deleted')
      }),
  })
}
