/** What the page of `openAmplifyPage` runs: the unchanged aws-amplify, for who drives the page. */

import { Amplify } from 'aws-amplify'
import * as auth from 'aws-amplify/auth'

declare global {
  interface Window {
    /** only in the page of this program */
    readonly amplify: {
      configure(pool: { userPoolId: string; userPoolClientId: string }): void
      readonly auth: typeof auth
    }
  }
}

Object.assign(window, {
  amplify: {
    configure(pool) {
      const userPoolEndpoint = `${location.origin}/cognito-idp/`
      Amplify.configure({ Auth: { Cognito: { ...pool, userPoolEndpoint } } })
    },
    auth,
  },
} satisfies Pick<Window, 'amplify'>)
