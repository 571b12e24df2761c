/** Signing in whoever has just verified the address that they registered in this tab. Fetched for them alone. */

import {
  AuthError,
  type AuthErrorCode,
  joinSession,
  loadPasskeys,
  loadUserAuth,
  readSession,
} from '../auth/index.ts'
import type { SignUpSession } from '../forms/sign-up-session.ts'
import type { SubmitResult } from '../forms/submit-result.ts'
import { verifiedText } from '../i18n/shared-texts.ts'
import { t } from '../i18n/t.ts'
import { navigateTo, replaceWith } from '../layout/navigate.ts'
import { NetworkError } from '../lib/network-error.ts'
import { isRememberMeSet, lastUsername } from '../lib/tab-state.ts'
import { currentNext, isProtectedPage, routes, withNext } from '../routes.ts'

/** the next press may work; other errors leave to the sign-in page */
const passing: readonly AuthErrorCode[] = ['network', 'offline', 'timeout', 'too-many-requests']

/** Fetches what the sign-in needs while the code is typed. @throws {NetworkError} */
export async function prepareFirstSignIn({ wantsPasskey }: SignUpSession): Promise<void> {
  await Promise.all([loadUserAuth(), wantsPasskey && loadPasskeys()])
}

/**
 * Signs in by the session of the sign-up, and makes a passkey where the account has no password. Leaves to where the
 * rider wanted to go; to sign-in, as without a session, when somebody is signed in already or the service asks for more.
 *
 * @param signUp `session`: of the response to ConfirmSignUp
 * @throws {AuthError} when there is no response: it can be tried again
 * @throws {NetworkError}
 */
export async function signInAfterVerifying({
  email,
  session,
  wantsPasskey,
}: SignUpSession): Promise<SubmitResult> {
  const rememberMe = isRememberMeSet()
  // Nobody takes the place of another rider unasked: the sign-in page says who is signed in.
  const isFree = session !== '' && !(await joinSession())
  const isSignedIn = isFree && (await trySignIn({ username: email, session, rememberMe }))
  if (!isSignedIn) return navigateTo(withNext(routes.signIn, currentNext()), verifiedText)
  if (rememberMe) lastUsername.write(email)
  else lastUsername.remove()
  if (!wantsPasskey) return openNext(t("Your email address is verified, and you're signed in."))
  return (await makeFirstPasskey(email))
    ? openNext(t("You're signed in. From now on you sign in with your passkey."))
    : replaceWith(
        `${routes.account}#passkeys`,
        t(
          "You're signed in, but no passkey was made. Add one here, or sign in with a code by email next time.",
        ),
      )
}

/** @returns whether there is one; if not, the account page tells why when it is tried again there */
async function makeFirstPasskey(email: string): Promise<boolean> {
  try {
    const [user, { addPasskey }] = await Promise.all([readSession(), loadPasskeys()])
    if (!user || (await addPasskey(user)) !== 'added') return false
    // Autofill needs the name, and a passkey is made on a device of one's own.
    lastUsername.write(email)
    return true
  } catch (error) {
    if (error instanceof AuthError || error instanceof NetworkError) return false
    throw error
  }
}

async function trySignIn(
  attempt: Parameters<Awaited<ReturnType<typeof loadUserAuth>>['signInWithSession']>[0],
): Promise<boolean> {
  const { signInWithSession } = await loadUserAuth()
  try {
    const { kind } = await signInWithSession(attempt)
    return kind === 'signed-in'
  } catch (error) {
    if (!(error instanceof AuthError) || passing.includes(error.code)) throw error
    return false
  }
}

/** Pages for everybody show no flash message: it would wait for another page. */
function openNext(flash: string): SubmitResult {
  const next = currentNext() ?? routes.ride
  return replaceWith(next, isProtectedPage(next) ? flash : undefined)
}
