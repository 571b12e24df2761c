/** Points aws-amplify, which has one configuration for the process, at a local pool. */

import { Amplify } from 'aws-amplify'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { ClientId, UserPoolId } from './users.ts'

/** @returns the library's storage, which is empty at first */
export function configureAmplify(userPoolEndpoint: string): ReadonlyMap<string, string> {
  const storage = new Map<string, string>()
  Amplify.configure({
    Auth: { Cognito: { userPoolId: UserPoolId, userPoolClientId: ClientId, userPoolEndpoint } },
  })
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (key) => storage.get(key) ?? null,
    setItem: async (key, value) => {
      storage.set(key, value)
    },
    removeItem: async (key) => {
      storage.delete(key)
    },
    clear: async () => storage.clear(),
  })
  return storage
}
