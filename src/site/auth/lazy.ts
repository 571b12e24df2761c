/** What `loadAuth` fetches: everything that is called before there is a session. */

export { confirmPasswordReset, requestPasswordReset } from './password-reset.ts'
export { prefetchChallenge, prepareSignIn, signIn } from './sign-in.ts'
export { confirmSignUp, resendCode, signUp } from './sign-up.ts'
