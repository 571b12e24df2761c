/** Sign-in page. Leaves to where the rider wanted to go, or to verify or reset when those come first. */

import { auth } from '../auth/auth.ts'
import { AuthError } from '../auth/auth-error.ts'
import { createNameReader, readPassword } from '../fields.ts'
import { greetArrival, startPage } from '../frame.ts'
import { announceArrival, carriedEmail, carryEmail } from '../journey.ts'
import { describeError, messages } from '../messages.ts'
import { currentNext, goTo, replaceWith, routes, withNext } from '../routes.ts'
import { requireElement } from '../ui/elements.ts'
import { bindForm, type Problem, type SubmitEnd } from '../ui/form.ts'

const username = requireElement('#username', HTMLInputElement)
const keepSignedIn = requireElement('#keep-signed-in', HTMLInputElement)

if (startPage()) {
  username.value ||= carriedEmail()
  greetArrival()
  bindForm({
    form: '#signin',
    fields: {
      username: createNameReader(messages.usernameMissing),
      'current-password': readPassword,
    },
    words: messages,
    describe: describeRefusal,
    submit: signIn,
  })
  auth.prepare()
}

async function signIn(typed: { username: string; 'current-password': string }): Promise<SubmitEnd> {
  carryEmail(typed.username)
  const next = currentNext()
  const outcome = await auth.signIn({
    username: typed.username,
    password: typed['current-password'],
    lasting: keepSignedIn.checked,
  })
  switch (outcome.kind) {
    case 'signed-in':
      return replaceWith(next ?? routes.ride)
    case 'unverified':
      announceArrival('unverified')
      return goTo(withNext(routes.verify, next))
    case 'reset-required':
      announceArrival('reset-required')
      return goTo(withNext(routes.forgot, next))
    default:
      return outcome satisfies never
  }
}

/** After a refusal the password is typed anew; the name stays. */
function describeRefusal(error: unknown): Problem {
  const isRefused = error instanceof AuthError && error.code === 'incorrect-credentials'
  return {
    text: describeError(error),
    ...(isRefused && {
      field: 'current-password',
      empties: 'current-password',
      selectsField: true,
    }),
  }
}
