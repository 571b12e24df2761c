/** Resetting a password: asking for a code, and setting another password with it. */

import * as auth from '../auth/sign-up.ts'
import { carryEmail } from '../journey.ts'
import { aboutNewPassword } from '../new-password.ts'
import { aboutCode, orProblem } from '../problems.ts'
import { currentNext, goTo, routes, withNext } from '../routes.ts'
import type { SubmitEnd } from '../ui/form.ts'

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
