/**
 * Asks for the password again before a sensitive act, when the sign-in is not a recent one: whoever stands at
 * an unlocked computer need not be the rider.
 */

import { formWords } from '#words/form.ts'
import { signInWords } from '#words/sign-in.ts'
import type { SignInOutcome } from '../auth/challenges.ts'
import type { Session } from '../auth/session/session.ts'
import { type BoundForm, bindForm, type SubmitEnd } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import {
  aboutAppCode,
  aboutCurrentPassword,
  atOnceOrNever,
  orProblem,
  type ProblemsByCode,
} from '../forms/error-messages.ts'
import { readPassword } from '../forms/fields.ts'
import type { SignedInPage } from '../layout/protected-page.ts'
import { createFromTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { createPart } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { replaceWith, routes, withNext } from '../routes.ts'
import { signInName } from './sign-in-name.ts'

/** milliseconds for which a sign-in is recent */
const recentMs = 5 * 60_000

/** few need it on this page */
const fetchProof = createPart(() => import('../acts/signin.ts'))

/** the form that asks at present */
let form: BoundForm | undefined
/** gives up the proof that is under way */
let cancel = (): void => undefined

/**
 * @returns whether the rider has proved who she is; she may also go back, or leave. What she was about to
 *   send waits meanwhile, out of sight.
 */
async function confirmIdentity(session: Session): Promise<boolean> {
  // A clock that was set back makes no sign-in a recent one.
  if (Math.abs(Date.now() - session.signedInAtMs) < recentMs) return true
  cancel()
  const opener = document.activeElement
  const parts = requireElement('#parts', HTMLElement)
  const section = createFromTemplate('#identity-step')
  requireElement('#identity-place', HTMLElement).replaceChildren(section)
  parts.hidden = true
  requireElement('h2', HTMLElement, section).focus()
  const isProved = await new Promise<boolean>((resolve) => {
    cancel = () => resolve(false)
    requireElement('#identity-cancel', HTMLButtonElement).addEventListener('click', cancel)
    window.addEventListener('pagehide', cancel, { once: true })
    askForPassword(session, () => resolve(true))
  })
  form?.clearProblems()
  section.remove()
  parts.hidden = false
  if (opener instanceof HTMLElement) opener.focus()
  return isProved
}

/**
 * Runs an act of the page's rider that needs a recent proof of who is there.
 *
 * @param here what a refusal means in the form
 */
export function actAfterProof(
  page: SignedInPage,
  run: (session: Session) => Promise<SubmitEnd>,
  here?: ProblemsByCode,
): Promise<SubmitEnd> {
  return page.act(async (session) => {
    const isProved = await confirmIdentity(session)
    return isProved ? page.forRider(run) : () => undefined
  }, here)
}

function askForPassword(session: Session, onProved: () => void): void {
  showForm('#identity-password-step')
  fetchProof().catch(() => undefined)
  requireElement('#identity-name', HTMLInputElement).value = signInName(session)
  form = bindForm({
    form: '#identity form',
    fields: { 'identity-password': readPassword },
    words: formWords,
    submit: ({ 'identity-password': password }) =>
      orProblem(
        async () => {
          const { proveIdentity } = await fetchProof()
          return goOn(await proveIdentity(session, password))
        },
        { ...aboutCurrentPassword('identity-password'), ...atOnceOrNever },
      ),
  })

  function goOn(outcome: SignInOutcome): SubmitEnd {
    switch (outcome.kind) {
      case 'signed-in':
        return onProved
      case 'code-required':
        return () => askForCode(async (code) => goOn(await outcome.answer(code)))
      case 'expired':
        return () => {
          askForPassword(session, onProved)
          announce(signInWords.expired)
          requireElement('#identity-password', HTMLInputElement).focus()
        }
      case 'reset-required':
        return replaceWith(routes.forgot)
      case 'unverified':
      case 'new-password-required':
      case 'app-required':
        // The operator has changed the account meanwhile; these steps are the sign-in page's.
        return replaceWith(withNext(routes.signIn, location.pathname))
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
    words: formWords,
    submit: ({ 'identity-code': code }) =>
      orProblem(() => submit(code), { ...aboutAppCode('identity-code'), ...atOnceOrNever }),
  })
  requireElement('#identity-code', HTMLInputElement).focus()
}

function showForm(template: string): void {
  requireElement('#identity-form', HTMLElement).replaceChildren(createFromTemplate(template))
}
