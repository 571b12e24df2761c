/** What a password must hold: one set of rules for the pages, the user pool template and the local pool. */

/** Policy settings, named as Cognito's `PasswordPolicy` names them. */
export interface PasswordPolicy {
  /** characters; Cognito allows 6 to 99 */
  readonly MinimumLength: number
  readonly RequireLowercase: boolean
  readonly RequireUppercase: boolean
  readonly RequireNumbers: boolean
  readonly RequireSymbols: boolean
}

/** The rules in the order Cognito reports them: it names only the first one broken. */
export const passwordRules = ['length', 'lowercase', 'uppercase', 'number', 'symbol'] as const
export type PasswordRule = (typeof passwordRules)[number]

/** The policy of `src/aws/user-pool.yaml`, which the pages show; a test holds the two equal. */
export const passwordPolicy: PasswordPolicy = {
  MinimumLength: 8,
  RequireLowercase: true,
  RequireUppercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
}

/** characters; Cognito's limit for any password */
export const passwordMaxLength = 256

/**
 * Symbols that Cognito counts. A space counts too, but only inside the password.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
 */
export const passwordSymbols = '^$*.[]{}()?-"!@#%&/\\,><\':;|_~`+='

/**
 * The policy as value of the attribute `passwordrules`, by which password managers make what the pool takes. Of the
 * symbols it names some that no keyboard hides.
 *
 * @see https://developer.apple.com/password-rules/
 */
export function toPasswordRulesAttribute(policy: PasswordPolicy): string {
  return [
    `minlength: ${policy.MinimumLength};`,
    policy.RequireLowercase && 'required: lower;',
    policy.RequireUppercase && 'required: upper;',
    policy.RequireNumbers && 'required: digit;',
    policy.RequireSymbols && 'required: [-!#$%*+.=?@_];',
  ]
    .filter((rule) => rule !== false)
    .join(' ')
}

/** Rules that `password` does not meet, in Cognito's order; empty when it may be used. */
export function findBrokenRules(password: string, policy: PasswordPolicy): readonly PasswordRule[] {
  const met: Record<PasswordRule, boolean> = {
    length: password.length >= policy.MinimumLength,
    lowercase: !policy.RequireLowercase || /[a-z]/.test(password),
    uppercase: !policy.RequireUppercase || /[A-Z]/.test(password),
    number: !policy.RequireNumbers || /[0-9]/.test(password),
    symbol: !policy.RequireSymbols || [...password.trim()].some(isSymbol),
  }
  return passwordRules.filter((rule) => !met[rule])
}

function isSymbol(character: string): boolean {
  return character === ' ' || passwordSymbols.includes(character)
}
