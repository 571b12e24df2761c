/** What a form shows for an error: the sentence, the field it belongs to, and how the way goes on. */

import { authErrorWords, errorWords } from '#words/errors.ts'
import { formWords } from '#words/form.ts'
import { AuthError, type AuthErrorCode } from '../auth/auth-error.ts'
import type { Problem, SubmitEnd } from './bind-form.ts'

/** seconds a form rests after "too many requests": no figure of the service's, only a moment */
const pauseSeconds = 10

const everywhere: Partial<Record<AuthErrorCode, Partial<Problem>>> = {
  offline: { text: formWords.offline, waitsForNetwork: true },
  'too-many-requests': { pauseSeconds },
}

/** What a refusal means in one form, beside or in place of what it means everywhere. */
export type ProblemsByCode = Partial<
  Record<AuthErrorCode, Partial<Problem> | ((error: AuthError) => Partial<Problem>)>
>

/**
 * Runs what a form is for. One of the program's two edges: whatever is thrown becomes a sentence here.
 *
 * @param here the form's own meanings
 */
export async function orProblem(
  act: () => Promise<SubmitEnd>,
  here: ProblemsByCode = {},
): Promise<SubmitEnd> {
  try {
    return await act()
  } catch (error) {
    return describeProblem(error, here)
  }
}

function describeProblem(error: unknown, here: ProblemsByCode): Problem {
  const text = describeError(error)
  if (!(error instanceof AuthError)) {
    // A bug, which is told to whoever mends it.
    console.error(error)
    return { text }
  }
  const meaning = here[error.code]
  return {
    text,
    ...everywhere[error.code],
    ...(typeof meaning === 'function' ? meaning(error) : meaning),
  }
}

/** The sentence for any error at all; what it does not know becomes one plain sentence. */
export function describeError(error: unknown): string {
  if (!(error instanceof AuthError)) return authErrorWords.unexpected
  const { code, origin } = error
  if (code === 'blocked-by-policy' && origin) return errorWords.blockedOrigin(origin)
  return authErrorWords[code]
}

/** For an act that must be done now or not at all: whoever is there may be gone when the network is back. */
export const atOnceOrNever: ProblemsByCode = {
  offline: { text: authErrorWords.offline, waitsForNetwork: false },
}

/** A refused password is typed anew. */
export function aboutPassword(field: string): Partial<Problem> {
  return { field, empties: field, selectsField: true }
}

/** The same for the current password of whoever is signed in. */
export function aboutCurrentPassword(field: string): ProblemsByCode {
  return {
    'incorrect-credentials': { text: errorWords.currentPasswordWrong, ...aboutPassword(field) },
  }
}

/** A refused code stays, selected for typing over; other trouble is not the code's fault. */
export function aboutCode(field: string): ProblemsByCode {
  const problem = { field, selectsField: true }
  return { 'code-mismatch': problem, 'code-expired': problem }
}

/** The same for a code of an authenticator app, which no letter carries. */
export function aboutAppCode(field: string): ProblemsByCode {
  return {
    'code-mismatch': { text: errorWords.appCodeMismatch, field, selectsField: true },
    'code-expired': { text: errorWords.appCodeUsed, field, selectsField: true },
  }
}
