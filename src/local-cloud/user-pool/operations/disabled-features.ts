/**
 * Operations of features that this pool does not have: remembered devices. They respond like a pool
 * in which the feature is not configured.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
 */

import { CognitoError, type CognitoErrorType } from '../cognito-error.ts'
import { defineUserOperation, type Operation } from './operation.ts'

function defineDisabledFeature(type: CognitoErrorType, message: string): Operation {
  return defineUserOperation({
    parse: () => ({}),
    run() {
      throw new CognitoError(type, message)
    },
  })
}

const noDevices = defineDisabledFeature(
  'InvalidParameterException',
  'Device tracking is not configured for this user pool.',
)
export const disabledFeatures: readonly (readonly [name: string, operation: Operation])[] = [
  ['ConfirmDevice', noDevices],
  ['ForgetDevice', noDevices],
  ['GetDevice', noDevices],
  ['ListDevices', noDevices],
  ['UpdateDeviceStatus', noDevices],
]
