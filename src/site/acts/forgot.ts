/** Resetting a password: asking for a code, and setting another password with it. */

import * as auth from '../auth/sign-up.ts'
import type { SubmitEnd } from '../forms/bind-form.ts'
import { aboutCode, orProblem } from '../forms/error-messages.ts'
import { aboutNewPassword } from '../forms/new-password-field.ts'
import { carryEmail } from '../lib/tab-state.ts'
import { currentNext, goTo, routes, withNext } from '../routes.ts'

export function requestCode(address: { email: string }, onSent: () => void): Promise<SubmitEnd> {
  carryEmail(address.email)
  return resendCode(address, onSent)
}

export function resendCode(address: { email: string }, onSent: () => void): Promise<SubmitEnd> {
  return orProblem(async () => {
    await auth.forgotPassword(address)
    return onSent
  })
}

export function resetPassword(reset: {
  email: string
  code: string
  password: string
}): Promise<SubmitEnd> {
  return orProblem(
    async () => {
      await auth.confirmForgotPassword(reset)
      carryEmail(reset.email)
      return goTo(withNext(routes.signIn, currentNext()), 'password-changed')
    },
    { ...aboutCode('code'), ...aboutNewPassword('new-password') },
  )
}
