/**
 * Sign-in page. Leaves to where the rider wanted to go, or to verify or reset when those come first; a second
 * factor or a new password is asked for here.
 */

import { fieldWords } from '#words/fields.ts'
import { formWords } from '#words/form.ts'
import { fetchActs } from '../acts.ts'
import { type BoundForm, bindForm } from '../forms/bind-form.ts'
import { createNameReader, readPassword } from '../forms/fields.ts'
import { bindCarriedEmail } from '../forms/remembered-email.ts'
import { greetArrival, startPage } from '../layout/page-shell.ts'
import { requireElement } from '../lib/elements.ts'
import { carriedKeepSignedIn, carryKeepSignedIn } from '../lib/tab-state.ts'

const username = requireElement('#username', HTMLInputElement)
const password = requireElement('#current-password', HTMLInputElement)
const keepSignedIn = requireElement('#keep-signed-in', HTMLInputElement)

if (await startPage()) {
  bindCarriedEmail(username)
  keepSignedIn.checked ||= carriedKeepSignedIn()
  keepSignedIn.addEventListener('change', () => carryKeepSignedIn(keepSignedIn.checked))
  greetArrival()
  const acts = fetchActs(() => import('../acts/signin.ts'))
  const readName = createNameReader(fieldWords.usernameMissing)
  const form: BoundForm = bindForm({
    form: '#signin',
    fields: { username: readName, 'current-password': readPassword },
    words: formWords,
    submit: (typed) =>
      acts.run(({ signIn }) =>
        signIn({
          username: typed.username,
          password: typed['current-password'],
          lasting: keepSignedIn.checked,
          form,
        }),
      ),
  })

  // Not before: the arithmetic would hold up the page that is being drawn.
  requireElement('#signin', HTMLFormElement).addEventListener(
    'focusin',
    () => acts.prepare(({ prepare }) => prepare()),
    { once: true },
  )
  /** The rider turns to the password: what the name alone is needed for is done meanwhile. */
  password.addEventListener('focus', () => {
    const name = readName(username)
    if ('value' in name) acts.prepare(({ goAhead }) => goAhead({ username: name.value }))
  })
}
