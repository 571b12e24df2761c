/**
 * DescribeUserPool: the pool's settings, as the template gives them.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
 */

import type { AttributeRule } from '../attribute-schema.ts'
import { usernameModels } from '../settings.ts'
import { toLambdaConfig } from '../triggers/lambda-config.ts'
import { defineAdminOperation } from './operation.ts'

export const describeUserPool = defineAdminOperation({
  parse: () => ({}),
  run(_, context) {
    const { settings, store, createdAtMs } = context
    const { region, userPoolId, passwordPolicy, verificationLink, sendsSms } = settings
    const { contacts, areUsernames } = usernameModels[settings.usernameModel]
    const aliases = [
      ...(areUsernames ? [] : contacts),
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
        AutoVerifiedAttributes: [...settings.autoVerifiedAttributes],
        ...(aliases.length > 0 && { AliasAttributes: aliases }),
        ...(areUsernames && { UsernameAttributes: contacts }),
        UsernameConfiguration: { CaseSensitive: settings.caseSensitive },
        UserAttributeUpdateSettings: {
          AttributesRequireVerificationBeforeUpdate: [...settings.verifiedBeforeUpdate],
        },
        MfaConfiguration: settings.mfaConfiguration,
        AccountRecoverySetting: {
          RecoveryMechanisms: settings.recoveryMechanisms.map((Name, index) => ({
            Name,
            Priority: index + 1,
          })),
        },
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: !settings.allowsSignUp },
        VerificationMessageTemplate: {
          DefaultEmailOption: verificationLink ? 'CONFIRM_WITH_LINK' : 'CONFIRM_WITH_CODE',
          EmailSubject: settings.verificationEmail.subject,
          EmailMessage: settings.verificationEmail.text,
          ...(verificationLink && {
            EmailSubjectByLink: verificationLink.subject,
            EmailMessageByLink: verificationLink.text,
          }),
          ...(sendsSms && { SmsMessage: settings.verificationSms }),
        },
        ...(sendsSms && {
          SmsVerificationMessage: settings.verificationSms,
          SmsAuthenticationMessage: settings.signInSms,
        }),
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
