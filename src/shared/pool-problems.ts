/**
 * Settings with which the site cannot use its user pool, by what the pool answers. `npm run configure` says them before
 * a deployment, and the pages say them to the operator of a site that was set up in another way.
 */

export interface PoolProblem {
  /** path of the setting in `/js/config.js` */
  readonly setting:
    | 'cognito.userPoolId'
    | 'cognito.userPoolClientId'
    | 'cognito.endpoint'
    | 'cognito.signIn'
  readonly expected: string
  /** what to do next, as sentences */
  readonly suggestion: string
}

/** The first match counts. `pattern` matches type and message of an error, or what came in place of one. */
export const poolProblems: readonly (PoolProblem & { readonly pattern: RegExp })[] = [
  {
    pattern: /^ResourceNotFoundException|'clientId' failed to satisfy constraint/,
    setting: 'cognito.userPoolClientId',
    expected: 'an app client of a user pool in this region',
    suggestion: 'See "App clients" in the Cognito console, and the region at its top.',
  },
  {
    pattern: /SECRET_HASH|secret hash|client secret|configured (with|for) secret/i,
    setting: 'cognito.userPoolClientId',
    expected: 'an app client without a secret',
    suggestion: 'A static site cannot keep a secret: create an app client with GenerateSecret off.',
  },
  {
    pattern: /\bUSER_AUTH (flow )?(is )?not enabled/i,
    setting: 'cognito.signIn',
    expected: 'an app client that allows choice-based sign-in',
    suggestion: "Switch ALLOW_USER_AUTH on, or keep only 'password' in the list.",
  },
  {
    pattern: /^signing up without a password is refused$/,
    setting: 'cognito.signIn',
    expected: 'a user pool in which an emailed code signs in',
    suggestion:
      "Add EMAIL_OTP to the pool's AllowedFirstAuthFactors, or take 'email-code' out of the list.",
  },
  {
    pattern: /^WebAuthnNotEnabledException/,
    setting: 'cognito.signIn',
    expected: 'a user pool that has passkeys',
    suggestion:
      "Add WEB_AUTHN to the pool's AllowedFirstAuthFactors, or take 'passkey' out of the list.",
  },
  {
    pattern:
      /^a relying party of another site$|^WebAuthn(RelyingPartyMismatch|OriginNotAllowed|ConfigurationMissing)Exception/,
    setting: 'cognito.signIn',
    expected: 'a user pool whose passkeys are for the host of this site',
    suggestion:
      "Set the pool's WebAuthnRelyingPartyID (PasskeyDomain in the template) to this host, or take 'passkey' out of the list.",
  },
  {
    pattern: /(SRP_AUTH|REFRESH_TOKEN\w*) (is )?not enabled|flow (is )?not enabled/i,
    setting: 'cognito.userPoolClientId',
    expected: 'an app client that allows SRP',
    suggestion: 'Switch ALLOW_USER_SRP_AUTH and ALLOW_REFRESH_TOKEN_AUTH on.',
  },
  {
    pattern: /^UserNotFoundException/,
    setting: 'cognito.userPoolClientId',
    expected: 'an app client that does not tell who exists',
    suggestion: 'Switch "Prevent user existence errors" on.',
  },
  {
    pattern: /write unauthorized attribute/i,
    setting: 'cognito.userPoolClientId',
    expected: 'an app client that may write the attribute email',
    suggestion: "Add email to the client's write permissions.",
  },
  {
    pattern: /attributes did not conform to the schema.* required/i,
    setting: 'cognito.userPoolId',
    expected: 'a user pool that requires no attribute but email',
    suggestion: 'Required attributes cannot be changed: create another pool.',
  },
  {
    pattern: /username cannot be of email format/i,
    setting: 'cognito.userPoolId',
    expected: 'a user pool whose usernames may be email addresses',
    suggestion: 'Create a user pool that signs in by email, or one without aliases.',
  },
  {
    pattern: /^a redirect$/,
    setting: 'cognito.endpoint',
    expected: 'the API of a user pool',
    suggestion: 'This address redirects to another one: set that one.',
  },
  {
    pattern: /^status (404|405|410|415|501)$/,
    setting: 'cognito.endpoint',
    expected: 'the API of a user pool',
    suggestion: 'Something else answers there: check the address.',
  },
]

/**
 * @param answer type and message of an error, such as `ResourceNotFoundException: …`; `a redirect`, or `status 404` for
 *   what is no error of a pool; what the site has asked for in vain
 * @param answer type and message of an error, such as `ResourceNotFoundException: …`; `a redirect`, `status 404` or `a
 *   relying party of another site` for what is no error of a pool
 */
export function findPoolProblem(answer: string): PoolProblem | undefined {
  return poolProblems.find(({ pattern }) => pattern.test(answer))
}
