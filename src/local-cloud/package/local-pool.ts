/** The ids of the package's pool: the build puts this where `../user-pool/local-pool.ts` is. */

import type * as site from '../user-pool/local-pool.ts'

export const localPool = {
  region: 'us-east-1',
  userPoolId: 'us-east-1_LocalPool',
  userPoolClientId: 'localuserpoolclient0000000',
} as const satisfies Record<keyof typeof site.localPool, string>

export const localParameters: typeof site.localParameters = {
  PasskeyDomain: 'localhost',
  SenderArn: 'arn:aws:ses:us-east-1:000000000000:identity/localhost',
  Sender: 'hello@localhost',
}

export const localCustomMessageArn: typeof site.localCustomMessageArn =
  'arn:aws:lambda:us-east-1:000000000000:function:custom-message'
