/** What the card of the passkeys does, once it is seen: lists them, adds one, deletes one. */

import type { SignInMethod } from '../../shared/site-config.ts'
import {
  type AccountDetails,
  type AddPasskeyOutcome,
  AuthError,
  loadPasskeys,
  type Passkey,
  type Session,
} from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { neverRetried } from '../forms/form-errors.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { fetchErrorText } from '../forms/to-form-error.ts'
import { t } from '../i18n/t.ts'
import { askInBackground } from '../layout/ask-in-background.ts'
import type { ProtectedPage, WithSession } from '../layout/protected-page.ts'
import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { forgetOwnPasskeys } from '../lib/own-passkeys.ts'
import {
  signalAcceptedPasskeys,
  signalUnknownPasskey,
  signalUserName,
} from '../lib/passkey-provider.ts'
import { hasUsedPasskey } from '../lib/tab-state.ts'
import { abortPasskeyRequest } from '../lib/webauthn.ts'
import { canUsePasskeys } from '../lib/webauthn-support.ts'
import { describeMaking, describePasskey } from './passkey-names.ts'

/** passkeys that a user can have */
const limit = 20

export interface PasskeysCard {
  /** @param isRenamed whether the name that passkeys are listed under has changed since it was shown */
  show(details: AccountDetails, session: Session, isRenamed: boolean): void
  hide(): void
}

/** What the service tells. */
interface Account {
  readonly passkeys: readonly Passkey[]
  readonly methods: readonly SignInMethod[]
}

/** What is asked before a passkey is deleted. `isPossible`: false where it is the only way in. */
interface Question {
  readonly text: string
  readonly isPossible: boolean
}

/** @param withRecentSignIn runs something for the page's user that needs a recent sign-in */
export function bindPasskeysCard(
  withRecentSignIn: WithSession,
  { withSession }: ProtectedPage,
): PasskeysCard {
  const section = requireElement('#passkeys', HTMLElement)
  const heading = requireElement('h2', HTMLElement, section)
  const note = requireElement('#passkeys-note', HTMLElement)
  const list = requireElement('#passkey-list', HTMLElement)
  const addForm = requireElement('#passkey-add', HTMLFormElement)
  const addButton = requireElement('button', HTMLButtonElement, addForm)
  const mfaForm = requireElement('#passkey-mfa', HTMLFormElement)
  let details: AccountDetails | undefined
  let account: Account | undefined
  /** what the list shows, to leave it alone when nothing has changed */
  let listed = ''
  /** id of the passkey that the question is about */
  let asked: string | undefined
  /** whether the pool has refused to let a passkey stand for two factors */
  let isMfaRefused = false
  /** counts loads: what an earlier one comes to is ignored */
  let round = 0

  bindForm({
    form: '#passkey-add',
    fields: {},
    errors: {
      ...neverRetried,
      'invalid-input': { text: unsupportedText },
      'limit-exceeded': () => (isFull() ? { text: fullText } : {}),
    },
    submit: () => withRecentSignIn(add),
  })
  bindForm({ form: '#passkey-mfa', fields: {}, submit: () => withRecentSignIn(allowMfa) })
  // A page with a request under way cannot go into the back/forward cache.
  window.addEventListener('pagehide', abortPasskeyRequest)

  async function add(session: Session): Promise<SubmitResult> {
    const { addPasskey } = await loadPasskeys()
    const outcome = await addPasskey(session).catch(async (error: unknown) => {
      // Added elsewhere meanwhile, perhaps: the list tells which limit it is.
      if (error instanceof AuthError && error.code === 'limit-exceeded') await reload(session)
      throw error
    })
    return done(async () => {
      if (outcome === 'added') {
        await reload(session)
        heading.focus()
      }
      const signsIn = account?.methods.includes('passkey') !== false
      announce(outcome === 'added' && !signsIn ? t('Passkey added.') : describeOutcome(outcome))
    })
  }

  async function allowMfa(session: Session): Promise<SubmitResult> {
    const { turnOnPasskeyMfa } = await loadPasskeys()
    isMfaRefused = !(await turnOnPasskeyMfa(session))
    return done(async () => {
      await reload(session)
      announce(isMfaRefused ? mfaRefusedText : t('From now on a passkey alone signs you in.'))
      heading.focus()
    })
  }

  async function load(session: Session): Promise<void> {
    round += 1
    const own = round
    const { listPasskeys, getSignInMethods } = await loadPasskeys()
    const [passkeys, methods] = await Promise.all([
      listPasskeys(session),
      getSignInMethods(session),
    ])
    if (own !== round) return
    account = { passkeys, methods }
    render(account)
  }

  /**
   * The same when the page is shown: nobody waits.
   *
   * @param authFactors of the account's details, which have just come
   */
  async function loadInBackground(session: Session, authFactors: unknown): Promise<void> {
    round += 1
    const own = round
    const { listPasskeys, getSignInMethods } = await loadPasskeys()
    const ask = <Answer>(call: () => Promise<Answer>) =>
      askInBackground(call, {
        isWanted: () => own === round,
        onWaiting: (refusal) => void showLoadError(refusal),
      })
    const [passkeys, methods] = await Promise.all([
      ask(() => listPasskeys(session)),
      ask(() => getSignInMethods(session, authFactors)),
    ])
    if (own !== round) return
    account = { passkeys, methods }
    render(account)
  }

  /** After a change, which stands whether or not the list can be fetched. */
  function reload(session: Session): Promise<void> {
    return load(session).catch(showLoadError)
  }

  function isFull(): boolean {
    return (account?.passkeys.length ?? 0) >= limit
  }

  function render({ passkeys, methods }: Account): void {
    list.ariaBusy = null
    list.hidden = passkeys.length === 0
    const canUse = canUsePasskeys()
    const needsMfa =
      details?.hasAuthenticatorApp === true && passkeys.length > 0 && !methods.includes('passkey')
    const texts = [
      !canUse && t("This browser can't use passkeys. You can delete yours here."),
      needsMfa && (isMfaRefused ? mfaRefusedText : mfaText),
      isFull() && fullText,
      passkeys.length === 0 && describeNone(methods),
    ]
    note.textContent = texts
      .filter((text) => text !== false)
      .reduce(
        (sentence, next) => (sentence ? t('{sentence} {next}', { sentence, next }) : next),
        '',
      )
    note.hidden = note.textContent === ''
    addForm.hidden = !canUse || isFull()
    mfaForm.hidden = !needsMfa || isMfaRefused
    addButton.classList.toggle('button-secondary', passkeys.length > 0)
    const current = JSON.stringify(passkeys)
    if (current === listed) return
    listed = current
    const hadFocus = list.contains(document.activeElement)
    list.replaceChildren(...passkeys.map(createItem))
    const passkey = passkeys.find(({ id }) => id === asked)
    asked = undefined
    if (passkey) ask(passkey, describeDeletion(passkey, { passkeys, methods }))
    if (hadFocus) (list.querySelector<HTMLElement>('form p') ?? heading).focus()
  }

  function createItem(passkey: Passkey): HTMLElement {
    const item = cloneTemplate('#passkey-item')
    item.dataset.id = passkey.id
    const name = describePasskey(passkey)
    const made = describeMaking(passkey)
    requireElement('strong', HTMLElement, item).textContent = name
    requireElement('span', HTMLElement, item).textContent = made
    const button = requireElement('button', HTMLButtonElement, item)
    button.ariaLabel = t('{action}: {name}. {made}', { action: button.textContent, name, made })
    button.addEventListener('click', () => {
      if (!account) return
      ask(passkey, describeDeletion(passkey, account))
      requireElement('form p', HTMLElement, item).focus()
    })
    return item
  }

  /** One question at a time. */
  function ask(passkey: Passkey, question: Question): void {
    closeQuestion()
    asked = passkey.id
    const item = requireElement(`[data-id="${passkey.id}"]`, HTMLElement, list)
    const form = cloneTemplate('#passkey-question')
    requireElement('p', HTMLElement, form).textContent = question.text
    requireElement('[type=submit]', HTMLElement, form).hidden = !question.isPossible
    item.append(form)
    requireElement('#passkey-keep', HTMLButtonElement).addEventListener('click', () => {
      closeQuestion()
      requireElement('button', HTMLButtonElement, item).focus()
    })
    bindForm({
      form: '#passkey-delete',
      fields: {},
      errors: neverRetried,
      submit: () =>
        withRecentSignIn(async (session) => {
          await load(session)
          // What has changed meanwhile, in another tab or elsewhere, may make it the last way in.
          const current = account && describeDeletion(passkey, account)
          if (!current || asked === undefined || current.text === question.text) {
            return remove(session, passkey)
          }
          ask(passkey, current)
          requireElement('#passkey-delete p', HTMLElement).focus()
          return done()
        }),
    })
  }

  function closeQuestion(): void {
    asked = undefined
    list.querySelector('#passkey-delete')?.remove()
  }

  async function remove(session: Session, { id, relyingPartyId }: Passkey): Promise<SubmitResult> {
    const { deletePasskey } = await loadPasskeys()
    const result = await deletePasskey(session, { id })
    await reload(session)
    const left = (account?.passkeys ?? [])
      .filter((one) => one.id !== id && one.relyingPartyId === relyingPartyId)
      .map((one) => one.id)
    if (result === 'unknown') void signalUnknownPasskey(relyingPartyId, id)
    else void signalAcceptedPasskeys({ relyingPartyId, sub: session.sub }, left)
    forgetOwnPasskeys([id])
    if (left.length === 0) hasUsedPasskey.remove()
    // Not afterwards: the form is gone.
    closeQuestion()
    announce(t('Passkey deleted. It no longer signs you in.'))
    heading.focus()
    return done()
  }

  function describeDeletion({ id }: Passkey, { passkeys, methods }: Account): Question {
    const isLast = passkeys.every((one) => one.id === id)
    if (!isLast || methods.includes('password')) {
      return { text: t('Delete this passkey? It will no longer sign you in.'), isPossible: true }
    }
    if (methods.includes('email-code')) {
      const email = details?.email ?? ''
      const text = t(
        'Delete your last passkey? You have no password: from then on you sign in with a code that we email to {email}.',
        { email },
      )
      return { text, isPossible: true }
    }
    const text = t(
      "This is the only way into your account, so it can't be deleted. Add another passkey first.",
    )
    return { text, isPossible: false }
  }

  async function showLoadError(error: unknown): Promise<void> {
    const own = round
    const sentence = await fetchErrorText(error)
    if (own !== round) return
    list.ariaBusy = null
    note.textContent = sentence
    note.hidden = false
  }

  return {
    show(current, session, isRenamed) {
      details = current
      void withSession(async () => {
        await loadInBackground(session, current.authFactors)
        const [passkey] = account?.passkeys ?? []
        if (isRenamed && passkey && current.email) {
          const { relyingPartyId } = passkey
          void signalUserName({ relyingPartyId, sub: session.sub }, current.email)
        }
        return done()
      }).catch(showLoadError)
    },
    hide() {
      round += 1
      abortPasskeyRequest()
      account = undefined
      details = undefined
      listed = ''
      asked = undefined
      isMfaRefused = false
      list.replaceChildren()
    },
  }
}

const fullText = t('Twenty passkeys are the most. Delete one to add another.')
const unsupportedText = t(
  "This device can't make a passkey for this site. Try another device, or a security key.",
)
const mfaText = t(
  "Your authenticator app is on: sign-in asks for your password and a code, and your passkeys don't count yet.",
)
const mfaRefusedText = t(
  "Your authenticator app is on, and this site doesn't let a passkey take its place. Turn the app off to sign in with a passkey.",
)

function describeNone(methods: readonly SignInMethod[]): string {
  return methods.includes('password')
    ? t('You have no passkeys yet.')
    : t('You have no passkey and no password: you sign in with a code that we email to you.')
}

function describeOutcome(outcome: AddPasskeyOutcome): string {
  switch (outcome) {
    case 'added':
      return t('Passkey added. Next time, sign in with it.')
    case 'canceled':
      return t('No passkey was made. Try again when you are ready.')
    case 'already-registered':
      return t('This device already has a passkey for your account.')
    case 'unsupported':
      return unsupportedText
    case 'aborted':
      return ''
    default:
      return outcome satisfies never
  }
}
