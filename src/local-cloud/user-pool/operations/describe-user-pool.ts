/**
 * DescribeUserPool: the pool's settings, as the template gives them.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
 */

import type { AttributeRule } from '../attribute-schema.ts'
import { toLambdaConfig } from '../triggers/lambda-config.ts'
import { defineAdminOperation } from './operation.ts'

export const describeUserPool = defineAdminOperation({
  parse: () => ({}),
  run(_, context) {
    const { settings, store, createdAtMs } = context
    const { region, userPoolId, passwordPolicy, usernameModel } = settings
    const aliases = [
      ...(usernameModel === 'email-alias' ? ['email'] : []),
      ...(settings.hasPreferredUsernameAlias ? ['preferred_username'] : []),
    ]
    return {
      UserPool: {
        Id: userPoolId,
        Name: settings.userPoolName,
        Arn: `arn:aws:cognito-idp:${region}:000000000000:userpool/${userPoolId}`,
        CreationDate: createdAtMs / 1000,
        LastModifiedDate: createdAtMs / 1000,
        Policies: {
          PasswordPolicy: {
            ...passwordPolicy,
            TemporaryPasswordValidityDays: settings.temporaryPasswordDays,
          },
          SignInPolicy: { AllowedFirstAuthFactors: [...settings.firstAuthFactors] },
        },
        SchemaAttributes: [...settings.attributeSchema].map(toSchemaAttribute),
        AutoVerifiedAttributes: settings.autoVerifiesEmail ? ['email'] : [],
        ...(aliases.length > 0 && { AliasAttributes: aliases }),
        ...(usernameModel === 'email' && { UsernameAttributes: ['email'] }),
        UsernameConfiguration: { CaseSensitive: settings.caseSensitive },
        UserAttributeUpdateSettings: {
          AttributesRequireVerificationBeforeUpdate: settings.verifiesEmailBeforeUpdate
            ? ['email']
            : [],
        },
        MfaConfiguration: settings.mfaConfiguration,
        AccountRecoverySetting: {
          RecoveryMechanisms: [
            { Name: settings.recoversByEmail ? 'verified_email' : 'admin_only', Priority: 1 },
          ],
        },
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: !settings.allowsSignUp },
        VerificationMessageTemplate: {
          DefaultEmailOption: 'CONFIRM_WITH_CODE',
          EmailSubject: settings.verificationEmail.subject,
          EmailMessage: settings.verificationEmail.text,
        },
        EstimatedNumberOfUsers: store.countUsers(),
        UserPoolTier: settings.tier,
        DeletionProtection: settings.deletionProtection,
        LambdaConfig: toLambdaConfig(context),
      },
    }
  },
})

function toSchemaAttribute([Name, rule]: readonly [string, AttributeRule]) {
  const { type, required, mutable, min, max } = rule
  const toText = (bound: number | undefined) => (bound === undefined ? undefined : String(bound))
  return {
    Name,
    AttributeDataType: type,
    DeveloperOnlyAttribute: false,
    Mutable: mutable,
    Required: required,
    ...(type === 'String' && {
      StringAttributeConstraints: { MinLength: toText(min), MaxLength: toText(max) },
    }),
    ...(type === 'Number' && {
      NumberAttributeConstraints: { MinValue: toText(min), MaxValue: toText(max) },
    }),
  }
}
