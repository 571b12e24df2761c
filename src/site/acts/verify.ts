/** Verifying the address, and asking for another code. */

import * as auth from '../auth/sign-up.ts'
import type { SubmitEnd } from '../forms/bind-form.ts'
import { aboutCode, orProblem } from '../forms/error-messages.ts'
import { carryEmail, noteCodeSent } from '../lib/tab-state.ts'
import { currentNext, goTo, routes, withNext } from '../routes.ts'

export function verify(confirmation: { email: string; code: string }): Promise<SubmitEnd> {
  carryEmail(confirmation.email)
  return orProblem(async () => {
    const outcome = await auth.confirmSignUp(confirmation)
    const path = withNext(routes.signIn, currentNext())
    switch (outcome.kind) {
      case 'confirmed':
        return goTo(path, 'verified')
      case 'already-confirmed':
        return goTo(path, 'already-verified')
      default:
        return outcome satisfies never
    }
  }, aboutCode('code'))
}

export function resendCode(address: { email: string }, onSent: () => void): Promise<SubmitEnd> {
  return orProblem(async () => {
    await auth.resendCode(address)
    noteCodeSent(address.email)
    return onSent
  })
}
