/** What `loadSignUpAndReset` fetches: everything but signing in that is called before there is a session. */

export { confirmPasswordReset, requestPasswordReset } from './password-reset.ts'
export { confirmSignUp, resendCode, signUp } from './sign-up.ts'
