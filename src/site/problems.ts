/** What a form shows for an error: the sentence, the field it belongs to, and how the way goes on. */

import { AuthError, type AuthErrorCode } from './auth/auth-error.ts'
import { describeError, messages } from './messages.ts'
import type { Problem } from './ui/form.ts'

/** seconds a form rests after "too many requests": no figure of the service's, only a moment */
const pauseSeconds = 10

const everywhere: Partial<Record<AuthErrorCode, Partial<Problem>>> = {
  offline: { text: messages.offlineForm, waitsForNetwork: true },
  'too-many-requests': { pauseSeconds },
}

/** What a refusal means in one form, beside or in place of what it means everywhere. */
export type ProblemsByCode = Partial<Record<AuthErrorCode, Partial<Problem>>>

/** @param here the form's own meanings */
export function describeProblem(error: unknown, here: ProblemsByCode = {}): Problem {
  // A bug, which is told to whoever mends it.
  if (!(error instanceof AuthError)) console.error(error)
  const code = error instanceof AuthError ? error.code : 'unexpected'
  return { text: describeError(error), ...everywhere[code], ...here[code] }
}

/** For an act that must be done now or not at all: whoever is there may be gone when the network is back. */
export const atOnceOrNever: ProblemsByCode = {
  offline: { text: messages.offlineNow, waitsForNetwork: false },
}

/** A refused password is typed anew. */
export function aboutPassword(field: string): Partial<Problem> {
  return { field, empties: field, selectsField: true }
}

/** The same for the current password of whoever is signed in. */
export function aboutCurrentPassword(field: string): ProblemsByCode {
  return {
    'incorrect-credentials': { text: messages.currentPasswordWrong, ...aboutPassword(field) },
  }
}

/** A new password that the service refuses stays, selected for typing over. */
export function aboutNewPassword(field: string): ProblemsByCode {
  return { 'password-rejected': { field, selectsField: true } }
}

/** A refused code stays, selected for typing over; other trouble is not the code's fault. */
export function aboutCode(field: string): ProblemsByCode {
  const problem = { field, selectsField: true }
  return { 'code-mismatch': problem, 'code-expired': problem }
}

/** The same for a code of an authenticator app, which no letter carries. */
export function aboutAppCode(field: string): ProblemsByCode {
  return {
    'code-mismatch': { text: messages.appCodeMismatch, field, selectsField: true },
    'code-expired': { text: messages.appCodeUsed, field, selectsField: true },
  }
}
