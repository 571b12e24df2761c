/** Signs in by the client library as it is published, in the way its README shows. */

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js'

/** set by /js/config.js */
declare const _config: {
  readonly cognito: {
    readonly userPoolId: string
    readonly userPoolClientId: string
    readonly endpoint: string
  }
}

const { userPoolId, userPoolClientId, endpoint } = _config.cognito
const Pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: userPoolClientId, endpoint })

document.querySelector('form')?.addEventListener('submit', (event) => {
  event.preventDefault()
  const Username = read('#username')
  const user = new CognitoUser({ Username, Pool })
  const details = new AuthenticationDetails({ Username, Password: read('#current-password') })
  user.authenticateUser(details, {
    onSuccess: () => location.assign('/ride.html'),
    onFailure(error: Error) {
      const place = document.querySelector('#error')
      if (place) place.textContent = error.message
    },
  })
})
for (const button of document.querySelectorAll('button')) button.disabled = false

function read(selector: string): string {
  return document.querySelector<HTMLInputElement>(selector)?.value ?? ''
}
