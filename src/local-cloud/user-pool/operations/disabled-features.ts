/**
 * Operations of what this pool has switched off, passkeys, remembered devices and codes by SMS: they
 * answer as a pool does that was never given them. One that comes to life moves into a file of its own.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
 */

import { CognitoError, type CognitoErrorType } from '../cognito-error.ts'
import { defineUserOperation, type Operation } from './operation.ts'

function defineSwitchedOff(type: CognitoErrorType, message: string): Operation {
  return defineUserOperation({
    parse: () => ({}),
    run() {
      throw new CognitoError(type, message)
    },
  })
}

const noPasskeys = defineSwitchedOff(
  'WebAuthnNotEnabledException',
  'WebAuthn is not enabled for this user pool.',
)
const noDevices = defineSwitchedOff(
  'InvalidParameterException',
  'Device tracking is not configured for this user pool.',
)
const noSms = defineSwitchedOff(
  'InvalidParameterException',
  'SMS MFA is not configured for this user pool.',
)

export const switchedOff: readonly (readonly [name: string, operation: Operation])[] = [
  ['CompleteWebAuthnRegistration', noPasskeys],
  ['DeleteWebAuthnCredential', noPasskeys],
  ['ListWebAuthnCredentials', noPasskeys],
  ['StartWebAuthnRegistration', noPasskeys],
  ['ConfirmDevice', noDevices],
  ['ForgetDevice', noDevices],
  ['GetDevice', noDevices],
  ['ListDevices', noDevices],
  ['UpdateDeviceStatus', noDevices],
  ['SetUserSettings', noSms],
]
