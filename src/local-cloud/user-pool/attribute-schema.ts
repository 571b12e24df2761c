/**
 * The attributes of a pool: the standard ones, and those that the template's `Schema` changes or adds.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
 */

export const attributeTypes = ['String', 'Number', 'DateTime', 'Boolean'] as const
export type AttributeType = (typeof attributeTypes)[number]

export interface AttributeRule {
  readonly type: AttributeType
  readonly required: boolean
  readonly mutable: boolean
  /** characters of a String, value of a Number */
  readonly min: number | undefined
  readonly max: number | undefined
}

/** Keys are names as on the wire; those of custom attributes begin with `custom:`. */
export type AttributeSchema = ReadonlyMap<string, AttributeRule>

/** Whether an address is verified. Only the pool and IAM callers can write these. */
export const verificationFlags: ReadonlySet<string> = new Set([
  'email_verified',
  'phone_number_verified',
])

const standardStrings = [
  ...['address', 'birthdate', 'email', 'family_name', 'gender', 'given_name', 'locale'],
  ...['middle_name', 'name', 'nickname', 'phone_number', 'picture', 'preferred_username'],
  ...['profile', 'website', 'zoneinfo'],
]
const text: AttributeRule = {
  type: 'String',
  required: false,
  mutable: true,
  min: 0,
  max: 2048,
}
const bare = { required: false, mutable: true, min: undefined, max: undefined } as const

/** @see OpenID Connect Core 1.0, section 5.1 */
export const standardAttributes: AttributeSchema = new Map<string, AttributeRule>([
  ['sub', { ...text, required: true, mutable: false, min: 1 }],
  ...standardStrings.map((name) => [name, text] as const),
  ['birthdate', { ...text, min: 10, max: 10 }],
  ['updated_at', { ...bare, type: 'Number', min: 0 }],
  ...[...verificationFlags].map((name) => [name, { ...bare, type: 'Boolean' }] as const),
])
