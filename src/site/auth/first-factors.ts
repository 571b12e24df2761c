/** The names that Cognito has for ways to sign in. */

import type { SignInMethod } from '../../shared/site-config.ts'

/** In AvailableChallenges, and in ConfiguredUserAuthFactors. */
const methods = {
  PASSWORD: 'password',
  PASSWORD_SRP: 'password',
  WEB_AUTHN: 'passkey',
  EMAIL_OTP: 'email-code',
} as const satisfies Readonly<Record<string, SignInMethod>>

/** What this site has no way for is left out. */
export function toSignInMethods(names: unknown): readonly SignInMethod[] {
  const known = (Array.isArray(names) ? names : []).filter(isKnown)
  return [...new Set(known.map((name) => methods[name]))]
}

function isKnown(name: unknown): name is keyof typeof methods {
  return typeof name === 'string' && Object.hasOwn(methods, name)
}
