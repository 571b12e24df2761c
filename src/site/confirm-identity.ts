/**
 * Asks for the password again before a sensitive act, when the sign-in is not a recent one: whoever stands at
 * an unlocked computer need not be the rider.
 */

import { auth } from './auth/auth.ts'
import { AuthError } from './auth/auth-error.ts'
import type { Session } from './auth/session.ts'
import type { SignInOutcome } from './auth/sign-in.ts'
import { readCode, readPassword } from './fields.ts'
import { messages } from './messages.ts'
import { aboutAppCode, describeProblem } from './problems.ts'
import { signInName } from './rider-name.ts'
import { createFromTemplate, requireElement } from './ui/elements.ts'
import { type BoundForm, bindForm, type SubmitEnd } from './ui/form.ts'

/** milliseconds for which a sign-in is recent */
const recentMs = 5 * 60_000

/** the form that asks at present */
let form: BoundForm | undefined

/**
 * @returns whether the rider has proved who she is; she may also go back. What she was about to send waits
 *   meanwhile, out of sight.
 */
export async function confirmIdentity(session: Session): Promise<boolean> {
  if (Date.now() - session.signedInAtMs < recentMs) return true
  const parts = requireElement('#parts', HTMLElement)
  const section = createFromTemplate('#identity-step')
  requireElement('#identity-place', HTMLElement).replaceChildren(section)
  parts.hidden = true
  requireElement('h2', HTMLElement, section).focus()
  const isProved = await new Promise<boolean>((resolve) => {
    requireElement('#identity-cancel', HTMLButtonElement).addEventListener('click', () => {
      form?.clearProblems()
      resolve(false)
    })
    askForPassword(session, () => resolve(true))
  })
  section.remove()
  parts.hidden = false
  return isProved
}

function askForPassword(session: Session, onProved: () => void): void {
  showForm('#identity-password-step')
  requireElement('#identity-name', HTMLInputElement).value = signInName(session)
  form = bindForm({
    form: '#identity form',
    fields: { 'identity-password': readPassword },
    words: messages,
    describe: (error) =>
      describeProblem(error, {
        'incorrect-credentials': {
          text: messages.currentPasswordWrong,
          field: 'identity-password',
          empties: 'identity-password',
          selectsField: true,
        },
      }),
    async submit({ 'identity-password': password }) {
      const { username, isLasting: lasting } = session
      return goOn(await auth.signIn({ username, password, lasting }))
    },
  })

  function goOn(outcome: SignInOutcome): SubmitEnd {
    switch (outcome.kind) {
      case 'signed-in':
        return onProved
      case 'code-required':
        return () => askForCode(async (code) => goOn(await outcome.answer(code)))
      case 'expired':
        return () => askForPassword(session, onProved)
      case 'unverified':
      case 'reset-required':
      case 'new-password-required':
      case 'app-required':
        throw new AuthError('unsupported-challenge', `${outcome.kind} in a session under way`)
      default:
        return outcome satisfies never
    }
  }
}

function askForCode(submit: (code: string) => Promise<SubmitEnd>): void {
  showForm('#identity-code-step')
  form = bindForm({
    form: '#identity form',
    fields: { 'identity-code': readCode },
    words: messages,
    describe: (error) => describeProblem(error, aboutAppCode('identity-code')),
    submit: ({ 'identity-code': code }) => submit(code),
  })
  requireElement('#identity-code', HTMLInputElement).focus()
}

function showForm(template: string): void {
  requireElement('#identity-form', HTMLElement).replaceChildren(createFromTemplate(template))
}
