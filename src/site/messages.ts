/**
 * Every sentence that script puts on a page, by key. What a page says at rest stands in its HTML.
 * Sentences say what to do; no codes, no blame.
 */

import { type PasswordRule, passwordPolicy } from '../shared/password-policy.ts'
import { type ConfigProblem, expectations } from '../shared/site-config.ts'
import { AuthError, type AuthErrorCode } from './auth/auth-error.ts'
import type { Arrival } from './journey.ts'

export const messages = {
  errorPrefix: 'Error: ',
  buttonWait: (seconds: number) => ` in ${seconds} s`,
  buttonReady: 'You can try again now.',

  offline: 'You seem to be offline. What you have entered stays here.',
  online: 'You are online again.',
  offlineNow: 'You seem to be offline. Try again when you have a connection.',
  offlineForm:
    'You seem to be offline. What you have entered stays here, and is sent when you are online again.',

  emailMissing: 'Enter your email address',
  emailMalformed: 'Enter an email address like name@example.com',
  emailTooLong: 'Enter an email address of at most 128 characters',
  usernameMissing: 'Enter your email or username',
  passwordMissing: 'Enter your password',
  newPasswordMissing: 'Enter a password',
  // By the pool's own rule, when it is another one than this page knows.
  passwordTooShort: 'Choose a longer password',
  newPasswordTooLong: 'Enter a password of at most 256 characters',
  newPasswordEdges: 'Enter a password that does not begin or end with a space',
  confirmPasswordMissing: 'Enter the password again',
  confirmPasswordDiffers: 'Enter the same password in both fields',
  codeMissing: 'Enter the 6-digit code',
  codeMalformed: 'Enter the code as 6 digits',
  appCodeMismatch: 'This code is not right. Enter the one that your authenticator app shows now.',
  appCodeUsed: 'This code was used already. Wait until your authenticator app shows the next one.',
  keyNotKept: 'Confirm that you have kept the key',
  deletionNotConfirmed: 'Confirm that your account shall be deleted',
  currentPasswordWrong: 'This is not your current password. Enter it again.',
  emailUnchanged: 'Enter an address other than your present one',

  signInExpired:
    'That took too long. Enter your password again. If you have added a key to your app meanwhile, remove it there: a new one comes.',

  emailSuggestion: (domain: string) => `Did you mean ${domain}?`,

  lockedOut: (seconds: number) =>
    `There were too many tries. Wait about ${toDuration(seconds)}, then try again.`,
  incorrectAndLocked: (seconds: number) =>
    `The email or username and the password do not match. After so many tries, wait about ${toDuration(seconds)} before the next one.`,
  lockedOutReset: 'Reset the password',

  accountExists: 'There is already an account for this email address. It may be yours:',
  accountExistsSignIn: 'Sign in',
  accountExistsVerify: 'Verify the email address',
  accountExistsReset: 'Reset the password',

  ruleMet: '✓ met',
  ruleNotMet: '○ not met',

  codeResent: (waitSeconds: number) =>
    `A new code is on its way. You can ask for another one in ${waitSeconds} seconds.`,
  codeResendReady: 'You can ask for a new code now.',

  emailVerified: 'verified',
  emailNotVerified: 'not verified',
  emailCodeSent: (email: string) => `A code is on its way to ${email}.`,
  emailChanged: (email: string) => `Your email address is ${email} now.`,
  passwordChanged:
    'Your password is changed. Other devices stay signed in until you sign out everywhere.',
  emailKept: 'Your present email address stays.',
  appTurnedOn: 'Signing in asks for a code of your authenticator app from now on.',
  appTurnedOff: 'Signing in asks for your password only from now on.',
  appQrCode: 'QR code with the key for your authenticator app',

  signingOut: 'Signing out everywhere…',

  outdatedHeading: 'This browser is too old',
  outdated: ['It lacks what keeps your password safe here. Open this page in a newer browser.'],
  insecureHeading: 'This connection is not safe',
  insecure: [
    'Others could read along or change this page, so nobody can register or sign in here. Open it with https:// in front of the address.',
  ],

  notConfiguredHeading: 'No Cognito user pool configured',
  notConfigured: [
    'This site does not know its user pool yet, so nobody can register or sign in.',
    'Set userPoolId, userPoolClientId and region in /js/config.js (public/js/config.js in the repository).',
  ],
  misconfiguredHeading: 'The settings in /js/config.js need attention',
  misconfigured: ['Nobody can register or sign in until these settings are right:'],
} as const

/** Such as "4 seconds", "2 minutes": whole minutes from two on. */
function toDuration(seconds: number): string {
  const [amount, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(amount)
}

/** A password rule as part of a sentence: "Choose a password with ...". */
const ruleNames = {
  length: `at least ${passwordPolicy.MinimumLength} characters`,
  lowercase: 'a lowercase letter',
  uppercase: 'an uppercase letter',
  number: 'a number',
  symbol: 'a symbol such as ! or #',
} as const satisfies Record<PasswordRule, string>

export function describeBrokenRules(rules: readonly PasswordRule[]): string {
  const names = rules.map((rule) => ruleNames[rule])
  const list = new Intl.ListFormat('en', { type: 'conjunction' }).format(names)
  return `Choose a password with ${list}`
}

/** The first words of a page, by what brought the rider there. */
export const arrivalMessages = {
  'code-sent': 'Your account is made. Now verify your email address.',
  unverified: 'Your email address is not verified yet.',
  verified: 'Your email address is verified. You can sign in now.',
  'already-verified': 'This email address is already verified. You can sign in.',
  'password-changed': 'Your password is changed. Sign in with the new one.',
  'reset-required': 'This account needs a new password before you can sign in.',
  'signed-out': 'You are signed out.',
  'signed-out-everywhere': 'You are signed out, here and on all other devices.',
  'signed-out-here-only':
    'You are signed out here. Other devices could not be reached: sign in and try it once more.',
  'session-ended': 'Your session has ended. Sign in again.',
  'other-rider': 'Someone else has signed in on this browser. This page is theirs now.',
  'account-deleted': 'Your account is deleted.',
} as const satisfies Record<Arrival, string>

const incorrect = 'The email or username and the password do not match. Enter them again.'

const authMessages = {
  'account-disabled':
    'This account cannot be used at the moment. Ask the operator of this site about it.',
  'already-confirmed': 'This email address is already verified. You can sign in.',
  'attempts-exceeded':
    'There were too many tries. Wait a few minutes, a quarter of an hour at most, then try again.',
  'blocked-by-policy':
    'The security headers of this site keep it from its service. Ask the operator of this site.',
  'code-expired': 'This code no longer works. Ask for a new one.',
  'code-mismatch': 'This code is not right. Check the newest email from us and enter its code.',
  'delivery-failed':
    'The email could not be sent. Check the address, or try again in a few minutes.',
  'incorrect-credentials': incorrect,
  'invalid-input': 'The service did not accept this. Check what you entered and try again.',
  'limit-exceeded': 'That was tried too often. It can take up to an hour until you can try again.',
  network: 'The service could not be reached. Check your connection and try again.',
  'not-configured': 'This site is not set up yet, so nobody can sign in.',
  offline: messages.offlineNow,
  'password-rejected': 'The service did not accept this password. Choose another one.',
  'password-reset-required': 'This account needs a new password. Reset it to go on.',
  'reset-by-operator': 'Passwords are reset by the operator of this site only.',
  'reset-impossible': 'The password of this account cannot be reset at the moment.',
  'second-factor-off': 'Authenticator apps are switched off on this site.',
  'service-unavailable': 'The service has trouble at the moment. Try again in a few minutes.',
  'session-ended': 'Your session has ended. Sign in again.',
  'sign-up-closed': 'New accounts are made by the operator of this site only.',
  'storage-unavailable':
    'Your browser does not let this site keep you signed in. Allow it to store data, then try again.',
  'temporary-password-expired':
    'Your temporary password is too old. Ask the operator of this site for a new one.',
  timeout: 'The service is taking too long to answer. Try again.',
  'too-many-requests': 'There are too many requests at the moment. Wait a moment and try again.',
  unexpected: 'Something went wrong on our side. Try again.',
  'unsupported-challenge':
    'This account needs a further step to sign in that this site cannot do yet.',
  'user-not-confirmed': 'Your email address is not verified yet.',
  'user-not-found': incorrect,
  'username-exists': 'There is already an account for this email address.',
  'wrong-pool':
    'The user pool named in /js/config.js was not found. Ask the operator of this site.',
} as const satisfies Record<AuthErrorCode, string>

/** The sentence for any error at all; what it does not know becomes one plain sentence. */
export function describeError(error: unknown): string {
  if (!(error instanceof AuthError)) return authMessages.unexpected
  if (error.code === 'password-rejected' && error.rule === 'length')
    return messages.passwordTooShort
  if (error.code === 'password-rejected' && error.rule) return describeBrokenRules([error.rule])
  if (error.code === 'blocked-by-policy' && error.origin) return describeBlockedOrigin(error.origin)
  return authMessages[error.code]
}

/** For riders and operators alike: it will not pass by itself, and this is what to mend. */
export function describeBlockedOrigin(origin: string): string {
  return `The security headers of this site do not list ${origin}. Its operator must add it to them.`
}

export function describeConfigProblem({ setting, expected }: ConfigProblem): string {
  return `${setting}: expected ${expectations[expected]}`
}
