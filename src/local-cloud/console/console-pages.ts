/** The console's pages as HTML. They work without script. */

import { createHash } from 'node:crypto'
import type { LogEntry, TriggerCallEntry } from '../ports.ts'
import { findContact, isVerified } from '../user-pool/contacts.ts'
import { contactAttributes } from '../user-pool/settings.ts'
import type {
  Session,
  SoftwareToken,
  StoredMessage,
  User,
  UserStatus,
  WebAuthnCredential,
} from '../user-pool/store/store.ts'
import {
  type NamedResource,
  noteKinds,
  noteLabels,
  type TemplateNote,
  type TemplateReport,
} from '../user-pool/template-report.ts'
import { signInName } from '../user-pool/users.ts'
import {
  toLinks,
  toName,
  toOperation,
  toSectionLinks,
  toStatusLine,
  toTime,
  toUtc,
} from './console-parts.ts'
import { toEmailBody } from './email-html.ts'
import { type Html, html } from './html.ts'
import type { ConsoleLook } from './look.ts'
import { passkeyRemoval, type UserAction, userActions } from './user-actions.ts'
import {
  createUserPath,
  type GroupsView,
  toCreateUserForm,
  toGroupsCard,
  toSetPasswordForm,
  toSetPhoneNumberForm,
} from './user-forms.ts'

/** The pages of the navigation. */
const sections = [
  { name: 'inbox', label: 'Inbox', path: '/console/' },
  { name: 'users', label: 'Users', path: '/console/users' },
  { name: 'requests', label: 'Requests', path: '/console/requests' },
  { name: 'template', label: 'Template', path: '/console/template' },
] as const

/** Whom Cognito's own sender says emails are from. */
const sender = 'no-reply@verificationemail.com'

export interface Page {
  readonly title: string
  /** `undefined` for an error */
  readonly section?: (typeof sections)[number]['name']
  readonly main: Html
  /** now, by the clock that the page's times are of; the page's script counts from it */
  readonly nowMs?: number
}

/** @returns a digest of what the page shows, by which its script sees that there is something new */
export function toVersion({ main }: Page): string {
  return createHash('sha256').update(main.markup).digest('base64url')
}

/** @returns a whole document */
export function toDocument(page: Page, look: ConsoleLook): string {
  const { title, section, main, nowMs } = page
  return html`<!doctype html>
<html lang="en" data-version="${toVersion(page)}"${nowMs === undefined ? '' : html` data-now="${new Date(nowMs).toISOString()}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${look.files['theme.js'] === undefined ? '' : html`<script src="/console/theme.js"></script>`}
<title>${title} – ${look.name} ${look.tag}</title>
<link rel="icon" href="/console/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/console/tokens.css">
<link rel="stylesheet" href="/console/console.css">
<script type="module" src="/console/console.js" blocking="render"></script>
</head>
<body>
<header>
<p class="brand">${look.name} <span>${look.tag}</span></p>
<nav aria-label="Console">${sections.map(
    ({ name, label, path }) =>
      html`<a href="${path}"${name === section ? html` aria-current="page"` : ''}>${label}</a> `,
  )}</nav>
</header>
<main>${main}</main>
</body>
</html>
`.markup
}

/** A list whose new items appear without a reload. Its items have ids. */
function toLiveList(
  { label, one, many }: { label: string; one: string; many: string },
  items: Html,
): Html {
  return html`<p class="show-new"><button type="button" id="show-new" hidden></button></p>
<section id="list" tabindex="-1" aria-label="${label}" data-one="${one}" data-many="${many}">${items}</section>`
}

const inboxWords = {
  emailsOnly: {
    lead: 'Every email that the local user pool sends, newest first.',
    label: 'Emails',
    one: 'new email',
    many: 'new emails',
    none: 'No emails yet.',
  },
  withSms: {
    lead: 'Every email and SMS that the local user pool sends, newest first.',
    label: 'Messages',
    one: 'new message',
    many: 'new messages',
    none: 'No messages yet.',
  },
} as const

export function toInboxPage(
  messages: readonly StoredMessage[],
  { nowMs, sendsSms, look }: { nowMs: number; sendsSms: boolean; look: ConsoleLook },
): Page {
  const words = sendsSms ? inboxWords.withSms : inboxWords.emailsOnly
  return {
    title: 'Inbox',
    section: 'inbox',
    nowMs,
    main: html`
<h1>Inbox</h1>
<p class="lead">${words.lead}</p>
${toStatusLine()}
${toLiveList(
  words,
  messages.length === 0
    ? html`<p class="empty">${words.none} Register ${look.place}, and its code appears here.</p>`
    : html`<div class="items" data-items>${messages.map((message) => toMessageItem(message, look))}</div>`,
)}`,
  }
}

function toMessageItem(message: StoredMessage, look: ConsoleLook): Html {
  const { id, medium, to, subject, code, sentAtMs } = message
  const kind = /^\d+$/.test(code) ? 'code' : 'password'
  const title = medium === 'SMS' ? 'SMS' : subject
  return html`
<article id="message-${id}" aria-label="${title}, to ${to}">
<div class="email-row">
<h2>${title}</h2>
<p class="age">${toAge(sentAtMs)}</p>
<p class="meta">To ${toName(to)}</p>
<p class="code"><code>${code}</code> <button type="button" data-copy="${code}" data-copied="${kind === 'code' ? 'Code copied.' : 'Password copied.'}" hidden>Copy ${kind}</button></p>
</div>
${medium === 'SMS' ? toSmsText(message) : toEmailText(message, look)}
</article>`
}

/** An SMS is short, and has nothing to hide. */
function toSmsText({ text }: StoredMessage): Html {
  return html`<p class="sms"><bdi>${text}</bdi></p>`
}

function toEmailText({ to, subject, text }: StoredMessage, look: ConsoleLook): Html {
  return html`<details>
<summary><span class="when-closed">Show email</span><span class="when-open">Hide email</span></summary>
<div class="email">
<dl>
<div><dt>From</dt><dd>${look.sender === undefined ? sender : `${look.sender} <${sender}>`}</dd></div>
<div><dt>To</dt><dd>${toName(to)}</dd></div>
<div><dt>Subject</dt><dd>${subject}</dd></div>
</dl>
<div class="email-body">${toEmailBody(text)}</div>
</div>
</details>`
}

export interface UsersView {
  readonly users: readonly User[]
  /** search text, empty without a search */
  readonly search: string
  /** what the next page comes after, when there are more users */
  readonly next: string | undefined
  /** number of all users in the pool */
  readonly count: number
  readonly nowMs: number
  /** message about the action that was just done, empty if none was */
  readonly done: string
  readonly look: ConsoleLook
}

export function toUsersPage({ users, search, next, count, nowMs, done, look }: UsersView): Page {
  const query = new URLSearchParams({ ...(search !== '' && { search }), after: next ?? '' })
  return {
    title: 'Users',
    section: 'users',
    nowMs,
    main: html`
<h1>Users</h1>
<p class="lead" id="count">${count === 1 ? '1 user' : `${count} users`} in this pool.</p>
${toStatusLine(done)}
${toSectionLinks('users', '/console/users')}
<p class="actions"><a class="button" href="${createUserPath}">Create user</a></p>
<form class="search" role="search" action="/console/users">
<label for="search">Username, email, or sub starts with</label>
<div class="search-row"><input id="search" name="search" type="search" autocapitalize="none" autocorrect="off" spellcheck="false" value="${search}"> <button>Search</button></div>
</form>
${toLiveList(
  { label: 'Users', one: 'new user', many: 'new users' },
  users.length === 0 ? toEmptyList(search, look) : toUsersTable(users),
)}
<p id="next">${next === undefined ? '' : html`<a href="/console/users?${query.toString()}">Next page</a>`}</p>`,
  }
}

/** The page that creates a user; its parameters are those of `toCreateUserForm`. */
export function toCreateUserPage(...form: Parameters<typeof toCreateUserForm>): Page {
  return {
    title: 'Create user',
    section: 'users',
    main: html`
<p class="back"><a href="/console/users">All users</a></p>
<h1>Create user</h1>
${toCreateUserForm(...form)}`,
  }
}

function toEmptyList(search: string, look: ConsoleLook): Html {
  return search === ''
    ? html`<p class="empty">No users yet. Register ${look.place}, and your account appears here.</p>`
    : html`<p class="empty">No user starts with <bdi>${search}</bdi>. <a href="/console/users">Show all users</a></p>`
}

function toUsersTable(users: readonly User[]): Html {
  const hasPhones = users.some(({ attributes }) => attributes.has('phone_number'))
  return html`<table class="users">
<thead><tr><th scope="col">User</th><th scope="col">${hasPhones ? 'Email and phone' : 'Email'}</th><th scope="col">Status</th><th scope="col">Created</th><th scope="col">Actions</th></tr></thead>
<tbody data-items>${users.map(toUserRow)}</tbody>
</table>`
}

function toUserRow(user: User): Html {
  const confirm = userActions.find(({ name }) => name === 'confirm')
  return html`
<tr id="user-${user.sub}" data-version="${user.modifiedAtMs}">
<th scope="row"><a href="/console/user?sub=${user.sub}">${toName(signInName(user))}</a></th>
<td>${toContacts(user)}</td>
<td>${toStatus(user)}</td>
<td class="age">${toAge(user.createdAtMs)}</td>
<td>${confirm?.isAvailable(user) ? toActionForm(confirm, user) : ''}</td>
</tr>`
}

function toContacts(user: User): Html | string {
  const contacts = contactAttributes.flatMap((attribute) => findContact(user, attribute) ?? [])
  if (contacts.length === 0) return '–'
  const [first, ...rest] = contacts.map(({ attribute, address }) => {
    const badge = isVerified(user, attribute)
      ? toBadge('good', 'Verified')
      : toBadge('waiting', 'Not verified')
    return address === signInName(user) ? badge : html`${toName(address)} ${badge}`
  })
  return html`${first ?? ''}${rest.map((contact) => html`<br>${contact}`)}`
}

type BadgeKind = 'good' | 'waiting' | 'bad' | 'quiet'

function toBadge(kind: BadgeKind, text: string | number): Html {
  return html`<span class="badge ${kind}">${text}</span>`
}

const statusBadges = {
  UNCONFIRMED: toBadge('waiting', 'Unconfirmed'),
  CONFIRMED: toBadge('good', 'Confirmed'),
  RESET_REQUIRED: toBadge('waiting', 'Reset required'),
  FORCE_CHANGE_PASSWORD: toBadge('waiting', 'Force change password'),
} as const satisfies Record<UserStatus, Html>

function toStatus({ status, enabled }: User): Html {
  return html`<span class="badges" title="${status}">${statusBadges[status]}${enabled ? '' : html` ${toBadge('bad', 'Disabled')}`}</span>`
}

function toActionForm({ name, label, isDestructive }: UserAction, user: User): Html {
  return html`<form method="post" action="/console/users/${name}"><input type="hidden" name="sub" value="${user.sub}"><button aria-label="${label} ${signInName(user)}"${isDestructive ? html` class="destructive"` : ''}>${label}</button></form>`
}

export interface UserView extends GroupsView {
  readonly sessions: readonly Session[]
  readonly softwareToken: SoftwareToken | undefined
  /** oldest first */
  readonly passkeys: readonly WebAuthnCredential[]
  /** whether sign-in asks for its code */
  readonly isSecondFactorOn: boolean
  /** whether sign-in can ask for a code sent by email after the password */
  readonly isEmailMfaOn: boolean
  /** the same for SMS */
  readonly isSmsMfaOn: boolean
  /** whether MFA is optional in this pool */
  readonly isSecondFactorOptional: boolean
  /** whether the console offers to set a phone number */
  readonly usesPhoneNumbers: boolean
  readonly failedSignIns: number
  readonly nowMs: number
  /** message about the action that was just done, empty if none was */
  readonly done: string
}

export function toUserPage(view: UserView): Page {
  const { user, sessions, passkeys, failedSignIns, nowMs, done } = view
  const hasOptionalApp = view.isSecondFactorOn && view.isSecondFactorOptional
  const available = userActions.filter((action) => action.isAvailable(user, hasOptionalApp))
  const facts: readonly (readonly [string, string | Html])[] = [
    ['Status', toStatus(user)],
    ['sub', html`<code>${user.sub}</code>`],
    ['Created', toTime(user.createdAtMs)],
    ['Last changed', toTime(user.modifiedAtMs)],
    ...(user.temporaryUntilMs === undefined
      ? []
      : [['Temporary password ends', toTime(user.temporaryUntilMs)] as const]),
    ...(user.hasPassword ? [] : [['Password', 'None'] as const]),
    ['Authenticator app', toAuthenticatorApp(view)],
    ...(view.isEmailMfaOn ? [['Code by email after the password', 'On'] as const] : []),
    ...(view.isSmsMfaOn ? [['Code by SMS after the password', 'On'] as const] : []),
    ['Failed sign-ins in a row', String(failedSignIns)],
  ]
  return {
    title: signInName(user),
    section: 'users',
    nowMs,
    main: html`
<p class="back"><a href="/console/users">All users</a></p>
<h1>${toName(signInName(user))}</h1>
${toStatusLine(done)}
<div class="columns">
<section class="card"><h2>Details</h2><dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section>
<section class="card"><h2>Attributes</h2>
${
  user.attributes.size === 0
    ? html`<p class="empty">None.</p>`
    : html`<dl>${[...user.attributes].map(([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl>`
}</section>
</div>
<section class="card"><h2>Actions</h2>
<div class="actions">${available
      .filter(({ isDestructive }) => !isDestructive)
      .map((action) =>
        toActionForm(action, user),
      )}${toSetPasswordForm(user)}${view.usesPhoneNumbers ? toSetPhoneNumberForm(user) : ''}</div>
<div class="actions danger">${available
      .filter(({ isDestructive }) => isDestructive)
      .map((action) =>
        action.name === 'delete' ? toDeleteForm(action, user) : toActionForm(action, user),
      )}</div></section>
${toGroupsCard(view)}
<section class="card"><h2>Passkeys</h2>
${passkeys.length === 0 ? html`<p class="empty">No passkeys yet.</p>` : toPasskeysTable(passkeys)}</section>
<section class="card"><h2>Sign-ins</h2>
${sessions.length === 0 ? html`<p class="empty">No sign-ins yet.</p>` : toSessionsTable(sessions, nowMs)}</section>`,
  }
}

function toAuthenticatorApp({ softwareToken, isSecondFactorOn }: UserView): string {
  if (!softwareToken) return 'None'
  const { secret, pendingSecret, preferred } = softwareToken
  if (secret === undefined) return 'Not verified yet'
  return [
    isSecondFactorOn ? 'On' : 'Off',
    ...(preferred ? ['preferred'] : []),
    ...(pendingSecret === undefined ? [] : ['another one not verified yet']),
  ].join(', ')
}

/** Confirmation without script: deleting takes two clicks. */
function toDeleteForm(action: UserAction, user: User): Html {
  return html`<details><summary class="destructive">${action.label} …</summary><p>This deletes the account and everything that belongs to it. You can't undo this.</p>${toActionForm(action, user)}</details>`
}

/** first characters of a passkey's id, which can be hundreds long */
const idShown = 12

function toPasskeysTable(passkeys: readonly WebAuthnCredential[]): Html {
  return html`<table class="stacks">
<thead><tr><th scope="col">Name</th><th scope="col">Made</th><th scope="col">ID</th><th scope="col">Actions</th></tr></thead>
<tbody>${passkeys.map(
    ({ sub, credentialId, name, createdAtMs }) => html`
<tr><td data-label="Name">${name}</td><td data-label="Made">${toTime(createdAtMs)}</td><td data-label="ID"><code title="${credentialId}">${toShortId(credentialId)}</code></td><td data-label="Actions"><form method="post" action="/console/passkeys/remove"><input type="hidden" name="sub" value="${sub}"><input type="hidden" name="passkey" value="${credentialId}"><button class="destructive" aria-label="${passkeyRemoval.label} passkey ${toShortId(credentialId)}">${passkeyRemoval.label}</button></form></td></tr>`,
  )}</tbody>
</table>`
}

function toShortId(id: string): string {
  return id.length <= idShown ? id : `${id.slice(0, idShown)}…`
}

function toSessionsTable(sessions: readonly Session[], nowMs: number): Html {
  return html`<table class="stacks">
<thead><tr><th scope="col">Signed in</th><th scope="col">Ends</th><th scope="col">State</th></tr></thead>
<tbody>${sessions.map(
    (session) => html`
<tr><td data-label="Signed in">${toTime(session.signedInAtMs)}</td><td data-label="Ends">${toTime(session.expiresAtMs)}</td><td data-label="State">${toSessionState(session, nowMs)}</td></tr>`,
  )}</tbody>
</table>`
}

function toSessionState({ revoked, expiresAtMs }: Session, nowMs: number): Html {
  if (revoked) return toBadge('quiet', 'Ended')
  return expiresAtMs <= nowMs ? toBadge('quiet', 'Expired') : toBadge('good', 'Active')
}

export interface RequestsView {
  readonly entries: readonly LogEntry[]
  readonly isFailedOnly: boolean
  readonly nowMs: number
  readonly look: ConsoleLook
}

export function toRequestsPage({ entries, isFailedOnly, nowMs, look }: RequestsView): Page {
  const filters = [
    { label: 'All', path: '/console/requests', isCurrent: !isFailedOnly },
    { label: 'Failed', path: '/console/requests?failed', isCurrent: isFailedOnly },
  ]
  return {
    title: 'Requests',
    section: 'requests',
    nowMs,
    main: html`
<h1>Requests</h1>
<p class="lead">What apps asked the user pool since it started, newest first. Reasons in parentheses are for you: apps don't get them.</p>
${toStatusLine()}
${toLinks(filters)}
${toLiveList(
  { label: 'Requests', one: 'new request', many: 'new requests' },
  entries.length === 0
    ? html`<p class="empty">${isFailedOnly ? 'No failed requests. Good.' : `No requests yet. Register or sign in ${look.place}, and each call appears here.`}</p>`
    : html`<div class="items" data-items>${entries.map(toRequestItem)}</div>`,
)}`,
  }
}

function toRequestItem(entry: LogEntry): Html {
  const { atMs, operation, username, status, error, detail = '', durationMs, requestId } = entry
  const [reason = '', ...more] = detail.split('\n')
  return html`
<details class="request" id="request-${requestId}">
<summary>
<span class="outcome">${status === 200 ? toBadge('good', '200 OK') : toBadge('bad', status)}</span>
<strong>${toOperation(operation)}</strong>
<span class="who">${username === undefined ? '–' : toName(username)}</span>
<span class="took">${durationMs.toFixed(1)} ms</span>
<span class="age">${toAge(atMs)}</span>
${error === undefined ? '' : html`<span class="reason">${error} ${reason === '' ? '' : html`<span class="detail">(${reason})</span>`}</span>`}
</summary>
<div class="exchange">
<section><h2>Request</h2><pre>${entry.requestBody ?? 'No body that could be read.'}</pre></section>
<section><h2>Response</h2><pre>${entry.responseBody ?? 'Without a body.'}</pre></section>
</div>
${(entry.triggerCalls ?? []).map(toTriggerCall)}${more.length === 0 ? '' : html`<pre class="trace">${more.join('\n')}</pre>`}
<p class="meta">${toTime(atMs)}, request ID <code>${requestId}</code></p>
</details>`
}

/** A call of a Lambda trigger's function: its event, and what became of it. */
function toTriggerCall(call: TriggerCallEntry): Html {
  const { triggerSource, event, output, error, note, durationMs } = call
  const outcome = error === undefined ? 'Returned in' : 'Failed after'
  return html`<div class="exchange">
<section><h2>Event ${triggerSource}</h2><pre>${event}</pre></section>
<section><h2>${outcome} ${durationMs.toFixed(1)} ms</h2>
${error === undefined ? '' : html`<pre>${error}</pre>`}
${output === undefined ? '' : html`<pre>${output}</pre>`}
${note === undefined ? '' : html`<p class="meta">${note}</p>`}</section>
</div>
`
}

/** What the pool's template asks for and does not get here. */
export function toTemplatePage({ path, pool, clients, groups, notes }: TemplateReport): Page {
  const name = ({ id, line }: NamedResource) => html`<code>${id}</code>, line ${line}`
  const isComplete = notes.every(({ kind }) => kind === 'warning')
  return {
    title: 'Template',
    section: 'template',
    main: html`
<h1>Template</h1>
<p class="lead">The CloudFormation template that the user pool has its settings from, and what of it is not honored here.</p>
${toSectionLinks('template', '/console/template')}
<section class="card"><h2>Read</h2>
<dl>
<div><dt>File</dt><dd><code>${path}</code></dd></div>
<div><dt>User pool</dt><dd>${name(pool)}</dd></div>
${
  clients.length === 0
    ? html`<div><dt>App client</dt><dd>one with the defaults of Cognito</dd></div>`
    : clients.map(
        (client) =>
          html`<div><dt>App client</dt><dd>${name(client)}: <code>${client.clientId}</code></dd></div>`,
      )
}
${groups.map((group) => html`<div><dt>Group</dt><dd>${name(group)}</dd></div>`)}
</dl></section>
${isComplete ? html`<section class="card"><h2>Honored</h2><p class="empty">All settings are honored.</p></section>` : ''}
${noteKinds.map((kind) =>
  toNotesCard(
    noteLabels[kind],
    notes.filter((note) => note.kind === kind),
  ),
)}`,
  }
}

function toNotesCard(label: string, notes: readonly TemplateNote[]): Html {
  if (notes.length === 0) return html``
  return html`<section class="card"><h2>${label}</h2>
<dl>${notes.map(
    ({ line, subject, text }) =>
      html`<div><dt>${subject}</dt><dd>${text} <span class="meta">(line ${line})</span></dd></div>`,
  )}</dl></section>
`
}

/** A request that the guard has not let in. No style sheet reaches it, for they are not let in either. */
export function toRejectionPage({
  reason,
  opener,
}: {
  reason: string
  opener: string | undefined
}): string {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not let in</title>
<h1>Not let in</h1>
<p>The local user pool answers only whom it was started for: ${reason}.</p>
${opener === undefined ? '' : html`<p>To let this in, start it with <code>${opener}</code></p>`}
</html>
`.markup
}

/** @param back where to go on */
export function toMessagePage({
  title,
  text,
  back = { path: '/console/users', label: 'Back to the users' },
}: {
  title: string
  text: string
  back?: { path: string; label: string }
}): Page {
  return {
    title,
    main: html`<h1>${title}</h1><p class="lead">${text}</p><p><a href="${back.path}">${back.label}</a></p>`,
  }
}

/** The page that the link of an email leads to. */
export function toConfirmationPage({ title, text }: { title: string; text: string }): Page {
  return { title, main: html`<h1>${title}</h1><p class="lead">${text}</p>` }
}

/** UTC in full; the page's script turns it into how long ago that is. */
function toAge(timeMs: number): Html {
  const iso = new Date(timeMs).toISOString()
  return html`<time datetime="${iso}" data-age>${toUtc(iso)}</time>`
}
