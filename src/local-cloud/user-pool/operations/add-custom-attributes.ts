/**
 * AddCustomAttributes: the schema gets attributes that the template does not have. They stay, as on AWS.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html
 */

import type { AttributeRule } from '../attribute-schema.ts'
import { CognitoError } from '../cognito-error.ts'
import type { OperationContext } from '../context.ts'
import { addCustomAttributes as add } from '../settings-changes.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

type CustomAttribute = ReturnType<typeof parse>['CustomAttributes'][number]

const parse = (body: unknown) =>
  member.parseMembers({ CustomAttributes: member.customAttributes }, body)

export const addCustomAttributes = defineAdminOperation({
  parse,
  run({ CustomAttributes }, context) {
    const rules = CustomAttributes.map((attribute) => toRule(attribute, context))
    const names = new Set(rules.map(([name]) => name))
    if (names.size < rules.length) {
      throw new CognitoError(
        'InvalidParameterException',
        'Each custom attribute needs a name of its own.',
      )
    }
    add(rules, context)
    return {}
  },
})

/** @throws {CognitoError} InvalidParameterException for an attribute that is there, or that this pool does not support */
function toRule(
  attribute: CustomAttribute,
  { settings }: OperationContext,
): readonly [name: string, rule: AttributeRule] {
  const refuse = (message: string) => new CognitoError('InvalidParameterException', message)
  // The API adds the prefix to every name, also to one that begins with it.
  const name = `custom:${attribute.Name}`
  if (settings.attributeSchema.has(name)) {
    throw refuse(`${name}: Existing attribute already has name ${name}.`)
  }
  if (attribute.Required) throw refuse('Required custom attributes are not supported currently.')
  if (attribute.DeveloperOnlyAttribute) {
    throw refuse('Developer only attributes are not supported by the local user pool.')
  }
  const { AttributeDataType: type, Mutable: mutable } = attribute
  const { MinLength, MaxLength } = attribute.StringAttributeConstraints
  const { MinValue, MaxValue } = attribute.NumberAttributeConstraints
  const bounds =
    type === 'String'
      ? { min: MinLength, max: MaxLength ?? 2048 }
      : { min: MinValue, max: MaxValue }
  return [name, { type, required: false, mutable, ...bounds }]
}
