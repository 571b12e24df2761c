/**
 * Sign-in page. Leaves to where the user wanted to go, or to verify or reset when those come first; a code of an
 * authenticator app or a new password is asked for here.
 */

import {
  AuthError,
  type AuthErrorReason,
  joinSession,
  loadSignIn,
  type SignInOutcome,
} from '../auth/index.ts'
import { type BoundForm, bindForm } from '../forms/bind-form.ts'
import { readPassword, readUsername } from '../forms/fields.ts'
import { passwordError } from '../forms/form-errors.ts'
import { bindRememberedEmail } from '../forms/remembered-email.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { notVerifiedText } from '../i18n/shared-texts.ts'
import { t, withTexts } from '../i18n/t.ts'
import { showFlash } from '../layout/flash.ts'
import { leaveSteps, navigateTo, replaceWith } from '../layout/navigate.ts'
import { initPage } from '../layout/page-shell.ts'
import { prefetch, prefetchAuth, prefetchSignIn, prerenderNext } from '../layout/prefetch-auth.ts'
import { requireElement } from '../lib/elements.ts'
import { whenIdle } from '../lib/idle.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import {
  failedSignIns,
  isRememberMeSet,
  lastUsername,
  passkeyOfferDue,
  rememberEmail,
  setRememberMe,
} from '../lib/tab-state.ts'
import { currentNext, routes, withNext } from '../routes.ts'
import { bindPasswordless } from '../sign-in/passwordless.ts'

const username = requireElement('#username', HTMLInputElement)
const password = requireElement('#current-password', HTMLInputElement)
const rememberMe = requireElement('#keep-signed-in', HTMLInputElement)
/** Few sign-ins have a step after the password: its script is fetched when one comes. */
const loadChallengeSteps = lazyImport(withTexts(() => import('../sign-in/challenge-steps.ts')))
/** Fetched once a refusal has come. */
const loadLockout = lazyImport(withTexts(() => import('../sign-in/lockout.ts')))
let lockout: Awaited<ReturnType<typeof loadLockout>> | undefined
const loadWaysOn = lazyImport(withTexts(() => import('../sign-in/ways-on.ts')))
/** Once, before the first try: a challenge that is not used counts against the pool's rate limits. */
let hasPrefetched = false
let form: BoundForm

if (await initPage(bindPage)) {
  // The challenge of a later step is gone when the page is loaded again.
  void leaveSteps()
  bindRememberedEmail(username)
  rememberMe.checked ||= isRememberMeSet()
  rememberMe.addEventListener('change', () => setRememberMe(rememberMe.checked))
  showFlash()
  prefetchAuth(loadSignIn)
  bindPasswordless({
    username,
    password,
    rememberMe,
    prerenderNext: prerenderRide,
    handleOutcome: (outcome, typed) => handleOutcome(outcome, { username: typed, password: '' }),
  })
  if (lastUsername.read() || (await joinSession())) {
    void prefetch(loadWaysOn, ({ greet }) => greet({ username, password }))
  }
}

function bindPage(): void {
  form = bindForm({
    form: '#signin',
    fields: { username: readUsername, 'current-password': readPassword },
    errors: (typed) => toRefusals(typed.username),
    submit: (typed) => signIn({ username: typed.username, password: typed['current-password'] }),
  })
  // Not earlier: the arithmetic would delay the first paint.
  requireElement('#signin', HTMLFormElement).addEventListener(
    'focusin',
    () => void prefetchSignIn(({ prepareSignIn }) => whenIdle(prepareSignIn)),
    { once: true },
  )
  password.addEventListener('focus', prefetchNextSteps)
}

async function signIn(credentials: { username: string; password: string }): Promise<SubmitResult> {
  const auth = await loadSignIn()
  hasPrefetched = true
  rememberEmail(credentials.username)
  const outcome = await auth
    .signIn({
      ...credentials,
      get rememberMe() {
        return rememberMe.checked
      },
    })
    .catch(loadWhatToTell)
  return handleOutcome(outcome, credentials)
}

/**
 * @param attempt what was typed
 * @throws {NetworkError} when the script of a further step cannot be fetched: the form is sent once more
 */
async function handleOutcome(
  outcome: SignInOutcome,
  attempt: { username: string; password: string; hasSecondFactor?: boolean },
): Promise<SubmitResult> {
  const next = currentNext()
  switch (outcome.kind) {
    case 'signed-in':
      failedSignIns.remove()
      if (rememberMe.checked) lastUsername.write(attempt.username)
      else lastUsername.remove()
      // Beside a second factor a passkey does not sign in before the rider lets it.
      if (attempt.password && !attempt.hasSecondFactor) passkeyOfferDue.write('true')
      else passkeyOfferDue.remove()
      return replaceWith(next ?? routes.ride)
    case 'unverified':
      return navigateTo(withNext(routes.verify, next), notVerifiedText)
    case 'reset-required':
      return navigateTo(
        withNext(routes.forgot, next),
        t('This account needs a new password before you can sign in.'),
      )
    default: {
      const { showChallenge } = await loadChallengeSteps()
      const hasSecondFactor = outcome.kind !== 'new-password-required'
      return done(() =>
        showChallenge(outcome, {
          ...attempt,
          form,
          handleOutcome: (later) => handleOutcome(later, { ...attempt, hasSecondFactor }),
        }),
      )
    }
  }
}

/** What is told after a refusal, by its code. */
function toRefusals(typedUsername: string) {
  const handleWrongPassword = () => {
    void prefetch(loadWaysOn, (waysOn) => waysOn.explainChangedEmail())
    return { ...passwordError('current-password'), ...lockout?.countFailedSignIn(typedUsername) }
  }
  return {
    'incorrect-credentials': handleWrongPassword,
    'user-not-found': handleWrongPassword,
    'attempts-exceeded': () => lockout?.describeLockout(typedUsername) ?? {},
    'too-many-requests': (reason: Extract<AuthErrorReason, { code: 'too-many-requests' }>) =>
      lockout?.describeThrottled(reason) ?? {},
  }
}

async function loadWhatToTell(error: unknown): Promise<never> {
  if (error instanceof AuthError && error.code in toRefusals('')) {
    await prefetch(loadLockout, (loaded) => {
      lockout = loaded
    })
  }
  throw error
}

/** With the focus in the password field the user name is there: requests the challenge, prerenders the next page. */
function prefetchNextSteps(): void {
  const reading = readUsername(username)
  if (hasPrefetched || !('value' in reading)) return
  void prefetchSignIn(({ prefetchChallenge }) => {
    if (hasPrefetched) return
    hasPrefetched = true
    prefetchChallenge({ username: reading.value })
    prerenderRide()
  })
}

function prerenderRide(): void {
  prerenderNext(currentNext() ?? routes.ride)
}
