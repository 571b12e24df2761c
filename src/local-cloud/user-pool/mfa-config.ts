/** The MFA settings of the pool as GetUserPoolMfaConfig and SetUserPoolMfaConfig have them. */

import { isDeepStrictEqual } from 'node:util'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import { type MfaConfiguration, smsConfigurationNeeded, type UserPoolSettings } from './settings.ts'
import { changeMfa } from './settings-changes.ts'

/** @returns the members of both operations' responses; of a factor that is off, none */
export function toMfaConfig(settings: UserPoolSettings) {
  const { mfaConfiguration, mfaFactors, signInEmail, signInSms, webAuthn } = settings
  return {
    MfaConfiguration: mfaConfiguration,
    ...(mfaFactors.has('SOFTWARE_TOKEN_MFA') && {
      SoftwareTokenMfaConfiguration: { Enabled: true },
    }),
    ...(mfaFactors.has('SMS_MFA') && {
      SmsMfaConfiguration: { SmsAuthenticationMessage: signInSms },
    }),
    ...(mfaFactors.has('EMAIL_OTP') && {
      EmailMfaConfiguration: { Message: signInEmail.text, Subject: signInEmail.subject },
    }),
    ...(webAuthn.relyingPartyId !== undefined && {
      WebAuthnConfiguration: {
        RelyingPartyId: webAuthn.relyingPartyId,
        UserVerification: webAuthn.userVerification,
        FactorConfiguration: webAuthn.factorConfiguration,
      },
    }),
  }
}

export interface MfaConfigRequest {
  readonly MfaConfiguration?: MfaConfiguration | undefined
  readonly SoftwareTokenMfaConfiguration?: { readonly Enabled: boolean } | undefined
  readonly SmsMfaConfiguration?:
    | {
        readonly SmsAuthenticationMessage?: string | undefined
        readonly SmsConfiguration?: unknown
      }
    | undefined
  readonly EmailMfaConfiguration?: unknown
  readonly WebAuthnConfiguration?: unknown
}

/** @throws {CognitoError} InvalidParameterException for what AWS refuses, and for what the template decides here */
export function setMfaConfig(request: MfaConfigRequest, context: OperationContext): void {
  const { settings } = context
  const current = toMfaConfig(settings)
  const { SmsMfaConfiguration } = request
  const sendsSms = settings.sendsSms || SmsMfaConfiguration?.SmsConfiguration !== undefined
  if (SmsMfaConfiguration && !sendsSms) throw refusal(smsConfigurationNeeded)
  for (const name of ['EmailMfaConfiguration', 'WebAuthnConfiguration'] as const) {
    if (request[name] === undefined || isDeepStrictEqual(request[name], current[name])) continue
    throw refusal(`${name}: in the local user pool the template sets this.`)
  }
  const {
    MfaConfiguration: mfaConfiguration = settings.mfaConfiguration,
    SoftwareTokenMfaConfiguration,
  } = request
  const usesSoftwareTokens =
    SoftwareTokenMfaConfiguration?.Enabled ??
    (mfaConfiguration !== 'OFF' && settings.mfaFactors.has('SOFTWARE_TOKEN_MFA'))
  const usesSms =
    SmsMfaConfiguration !== undefined ||
    (mfaConfiguration !== 'OFF' && settings.mfaFactors.has('SMS_MFA'))
  const usesEmail = settings.mfaFactors.has('EMAIL_OTP')
  const usesAny = usesSoftwareTokens || usesEmail || usesSms
  if (mfaConfiguration === 'OFF' && usesAny) {
    throw refusal(
      "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    )
  }
  if (mfaConfiguration !== 'OFF' && !usesAny) {
    throw refusal(
      "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    )
  }
  if (mfaConfiguration === 'ON') assertFirstFactors(settings)
  const signInSms = SmsMfaConfiguration?.SmsAuthenticationMessage ?? settings.signInSms
  changeMfa({ mfaConfiguration, usesSoftwareTokens, usesSms, sendsSms, signInSms }, context)
}

/** The same rules as for a template. */
function assertFirstFactors({ firstAuthFactors, webAuthn }: UserPoolSettings): void {
  if (firstAuthFactors.has('EMAIL_OTP') || firstAuthFactors.has('SMS_OTP')) {
    throw refusal(
      'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled',
    )
  }
  if (firstAuthFactors.has('WEB_AUTHN') && webAuthn.factorConfiguration === 'SINGLE_FACTOR') {
    throw refusal(
      'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
    )
  }
}

function refusal(message: string): CognitoError {
  return new CognitoError('InvalidParameterException', message)
}
