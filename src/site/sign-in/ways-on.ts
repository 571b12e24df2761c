/** What the foot of the card offers to those who have been here before: fetched when somebody has. */

import { AuthError, joinSession, readSession, type Session, signOut } from '../auth/index.ts'
import { signedOutText } from '../i18n/shared-texts.ts'
import { t } from '../i18n/t.ts'
import { setFlash } from '../layout/flash.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { NetworkError } from '../lib/network-error.ts'
import { showName } from '../lib/show-name.ts'
import { clearUserState, lastUsername, rememberEmail } from '../lib/tab-state.ts'
import { currentNext, routes } from '../routes.ts'

type SignInFields = Readonly<Record<'username' | 'password', HTMLInputElement>>

/** Welcomes back whoever is signed in, or was last. */
export async function greet(fields?: SignInFields): Promise<void> {
  if (fields) fillLastUsername(fields)
  if (await joinSession()) await showSignedIn()
}

/** Says who is signed in, with the ways to their ride and out. */
async function showSignedIn(): Promise<void> {
  const session = await findSession()
  if (!session) return
  const name = createElement('bdi')
  name.translate = false
  showName(name, session.email ?? session.username)
  const [before = '', after = ''] = t('Signed in as {user}', { user: '\n' }).split('\n')
  const ride = createElement('a', t('Continue'))
  ride.href = currentNext() ?? routes.ride
  findFoot().replaceChildren(before, name, after, document.createElement('br'), ride, ' · ')
  addButton(t('Sign out'), () => {
    signOut()
    clearUserState()
    setFlash(signedOutText)
    location.reload()
  })
}

/** Without an answer of the service the page is for those who sign in. */
async function findSession(): Promise<Session | undefined> {
  try {
    return await readSession()
  } catch (error) {
    if (error instanceof AuthError || error instanceof NetworkError) return undefined
    throw error
  }
}

/** Fills in who signed in last and wanted to stay so; the password is what is missing. */
function fillLastUsername({ username, password }: SignInFields): void {
  const last = lastUsername.read()
  if (!last) return
  username.value ||= last
  if (username.value !== last) return
  if (document.activeElement === document.body) password.focus()
  findFoot().append(document.createElement('br'))
  const button = addButton(t('Use another account'), () => {
    lastUsername.remove()
    rememberEmail('')
    username.value = ''
    username.focus()
    button.remove()
  })
}

/**
 * The page cannot know which kind of pool it is. A pool of user names goes on with the first address, and one that signs in
 * by email does with the one before until the new one is verified: in both the words are true.
 */
export function explainChangedEmail(): void {
  const foot = findFoot()
  if (foot.querySelector('#changed-email')) return
  const text = createElement(
    'span',
    t(
      "Changed your email? If the new one doesn't work, try an earlier one, such as the one you registered with.",
    ),
  )
  text.id = 'changed-email'
  foot.append(document.createElement('br'), text)
}

function addButton(label: string, onPress: () => void): HTMLButtonElement {
  const button = createElement('button', label, 'button-link')
  button.type = 'button'
  button.addEventListener('click', onPress)
  findFoot().append(button)
  return button
}

function findFoot(): HTMLElement {
  return requireElement('#other-ways', HTMLElement)
}
