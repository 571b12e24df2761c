/** The console's pages as HTML. They work without script. */

import type { LogEntry } from '../ports.ts'
import type { Session, SoftwareToken, StoredEmail, User } from '../user-pool/store/store.ts'
import { type Html, html } from './html.ts'
import { type UserAction, userActions } from './user-actions.ts'

export interface Page {
  readonly title: string
  readonly main: Html
}

/** @returns a whole document */
export function toDocument({ title, main }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<script src="/console/theme.js"></script>
<title>${title} – Wild Rydes local cloud</title>
<link rel="icon" href="/console/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/console/tokens.css">
<link rel="stylesheet" href="/console/console.css">
<script type="module" src="/console/console.js"></script>
</head>
<body>
<header>
<p class="brand">Wild Rydes <span>local cloud</span></p>
<nav aria-label="Console"><a href="/console/">Inbox</a> <a href="/console/users">Users</a> <a href="/console/requests">Requests</a></nav>
</header>
<main>${main}</main>
</body>
</html>
`.markup
}

export function toInboxPage(emails: readonly StoredEmail[]): Page {
  return {
    title: 'Inbox',
    main: html`
<h1>Inbox</h1>
<p>Every letter the local user pool sends lands here, newest first.</p>
<p role="status" id="status"></p>
<section data-live="New letter." aria-label="Letters">${
      emails.length === 0
        ? html`<p class="empty">No letters yet. Register on the site, and the code appears here.</p>`
        : emails.map(toEmailItem)
    }</section>`,
  }
}

/** Makes links of URLs on this machine only: a template or an attribute could put any other URL into an email. */
function linkLocalUrls(text: string): readonly Html[] {
  const parts = text.split(/(http:\/\/localhost:\d+\/[^\s"'<>]*)/)
  return parts.map((part, index) =>
    index % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`,
  )
}

function toEmailItem({ id, to, subject, text, code, sentAtMs }: StoredEmail): Html {
  return html`
<article id="letter-${id}" aria-label="${subject}, to ${to}">
<h2>${subject}</h2>
<p class="meta">To <bdi>${to}</bdi>, ${toTime(sentAtMs)}</p>
<p class="code"><code>${code}</code> <button type="button" data-copy="${code}" hidden>Copy code</button></p>
<p>${linkLocalUrls(text)}</p>
</article>`
}

export interface UsersView {
  readonly users: readonly User[]
  /** search text, empty without a search */
  readonly search: string
  /** the last user name of this page, when there are more users */
  readonly next: string | undefined
  /** number of all users in the pool */
  readonly count: number
  /** message about the action that was just done, empty if none was */
  readonly done: string
}

export function toUsersPage({ users, search, next, count, done }: UsersView): Page {
  const query = new URLSearchParams({ ...(search !== '' && { search }), after: next ?? '' })
  return {
    title: 'Users',
    main: html`
<h1>Users</h1>
<p role="status" id="status">${done}</p>
<form class="search" role="search" action="/console/users">
<label for="search">User name, e-mail or sub begins with</label>
<input id="search" name="search" type="search" value="${search}">
<button>Search</button>
</form>
<p>${count === 1 ? '1 user' : `${count} users`} in this pool.</p>
${users.length === 0 ? toEmptyList(search) : toUsersTable(users)}
${next === undefined ? '' : html`<p><a href="/console/users?${query.toString()}">Next page</a></p>`}`,
  }
}

function toEmptyList(search: string): Html {
  return search === ''
    ? html`<p class="empty">No users yet. Register on the site to make the first one.</p>`
    : html`<p class="empty">No user begins with <bdi>${search}</bdi>. <a href="/console/users">Show all users</a></p>`
}

function toUsersTable(users: readonly User[]): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="Users">
<table>
<thead><tr><th scope="col">User name</th><th scope="col">E-mail</th><th scope="col">Status</th><th scope="col">Created</th><th scope="col">Act</th></tr></thead>
<tbody>${users.map(toUserRow)}</tbody>
</table>
</div>`
}

function toUserRow(user: User): Html {
  const confirm = userActions.find(({ name }) => name === 'confirm')
  return html`
<tr>
<th scope="row"><a href="/console/user?sub=${user.sub}"><bdi>${user.username}</bdi></a></th>
<td>${toEmail(user)}</td>
<td>${toStatus(user)}</td>
<td>${toTime(user.createdAtMs)}</td>
<td>${confirm?.isAvailable(user) ? toActionForm(confirm, user) : '–'}</td>
</tr>`
}

function toEmail({ attributes }: User): Html | string {
  const email = attributes.get('email')
  const isVerified = attributes.get('email_verified') === 'true'
  if (email === undefined) return '–'
  return html`<bdi>${email}</bdi> (${isVerified ? 'verified' : 'not verified'})`
}

function toStatus({ status, enabled }: User): string {
  return `${status}${enabled ? '' : ', disabled'}`
}

function toActionForm({ name, label }: UserAction, { sub, username }: User): Html {
  return html`<form method="post" action="/console/users/${name}"><input type="hidden" name="sub" value="${sub}"><button aria-label="${label} ${username}">${label}</button></form>`
}

export interface UserView {
  readonly user: User
  readonly sessions: readonly Session[]
  readonly softwareToken: SoftwareToken | undefined
  /** whether sign-in asks for its code */
  readonly isSecondFactorOn: boolean
  /** whether MFA is optional in this pool */
  readonly isSecondFactorOptional: boolean
  readonly failedSignIns: number
  readonly nowMs: number
  /** message about the action that was just done, empty if none was */
  readonly done: string
}

export function toUserPage(view: UserView): Page {
  const { user, sessions, failedSignIns, nowMs, done } = view
  const hasOptionalApp = view.isSecondFactorOn && view.isSecondFactorOptional
  const available = userActions.filter((action) => action.isAvailable(user, hasOptionalApp))
  const facts: readonly (readonly [string, string | Html])[] = [
    ['sub', user.sub],
    ['Status', toStatus(user)],
    ['Created', toTime(user.createdAtMs)],
    ['Changed', toTime(user.modifiedAtMs)],
    ...(user.temporaryUntilMs === undefined
      ? []
      : [['Temporary password until', toTime(user.temporaryUntilMs)] as const]),
    ['Second factor', toSecondFactor(view)],
    ['Failed sign-ins in a row', String(failedSignIns)],
  ]
  return {
    title: user.username,
    main: html`
<h1><bdi>${user.username}</bdi></h1>
<p role="status" id="status">${done}</p>
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<h2>Attributes</h2>
${
  user.attributes.size === 0
    ? html`<p class="empty">None.</p>`
    : html`<dl>${[...user.attributes].map(([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl>`
}
<h2>Sign-ins</h2>
${sessions.length === 0 ? html`<p class="empty">None yet.</p>` : toSessionsTable(sessions, nowMs)}
<h2>Acts</h2>
<div class="actions">${available.map((action) =>
      action.name === 'delete' ? toDeleteForm(action, user) : toActionForm(action, user),
    )}</div>
<p><a href="/console/users">All users</a></p>`,
  }
}

function toSecondFactor({ softwareToken, isSecondFactorOn }: UserView): string {
  if (!softwareToken) return 'none'
  const { secret, pendingSecret, preferred } = softwareToken
  if (secret === undefined) return 'authenticator app, not verified yet'
  return [
    `authenticator app, ${isSecondFactorOn ? 'on' : 'off'}`,
    ...(preferred ? ['preferred'] : []),
    ...(pendingSecret === undefined ? [] : ['another one not verified yet']),
  ].join(', ')
}

/** Confirmation without script: deleting takes two clicks. */
function toDeleteForm(action: UserAction, user: User): Html {
  return html`<details><summary>${action.label} …</summary><p>The user and all that belongs to it will be gone.</p>${toActionForm(action, user)}</details>`
}

function toSessionsTable(sessions: readonly Session[], nowMs: number): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="Sign-ins">
<table>
<thead><tr><th scope="col">Signed in</th><th scope="col">Until</th><th scope="col">State</th></tr></thead>
<tbody>${sessions.map(
    (session) => html`
<tr><td>${toTime(session.signedInAtMs)}</td><td>${toTime(session.expiresAtMs)}</td><td>${toSessionState(session, nowMs)}</td></tr>`,
  )}</tbody>
</table>
</div>`
}

function toSessionState({ revoked, expiresAtMs }: Session, nowMs: number): string {
  if (revoked) return 'ended'
  return expiresAtMs <= nowMs ? 'expired' : 'active'
}

export interface RequestsView {
  readonly entries: readonly LogEntry[]
  readonly isFailedOnly: boolean
}

export function toRequestsPage({ entries, isFailedOnly }: RequestsView): Page {
  return {
    title: 'Requests',
    main: html`
<h1>Requests</h1>
<p>What the API was asked since it started, newest first. What is in brackets only you are told.
${isFailedOnly ? html`<a href="/console/requests">Show all</a>` : html`<a href="/console/requests?failed">Show failed only</a>`}</p>
<p role="status" id="status"></p>
<div data-live="New requests.">${
      entries.length === 0
        ? html`<p class="empty">None yet.</p>`
        : html`<div class="table" tabindex="0" role="region" aria-label="Requests">
<table id="newest-${entries[0]?.requestId ?? ''}">
<thead><tr><th scope="col">Time</th><th scope="col">Operation</th><th scope="col">Outcome</th><th scope="col">User</th><th scope="col">Took</th></tr></thead>
<tbody>${entries.map(toRequestRow)}</tbody>
</table>
</div>`
    }</div>`,
  }
}

function toRequestRow(entry: LogEntry): Html {
  const { atMs, operation, username, status, error, detail, durationMs } = entry
  return html`
<tr>
<td>${toTime(atMs)}</td>
<td>${operation}</td>
<td>${status}${error === undefined ? '' : html` ${error}`}${detail === undefined ? '' : html` <span class="detail">(${detail})</span>`}</td>
<td>${username === undefined ? '–' : html`<bdi>${username}</bdi>`}</td>
<td>${durationMs.toFixed(1)} ms</td>
</tr>`
}

export function toMessagePage({ title, text }: { title: string; text: string }): Page {
  return {
    title,
    main: html`<h1>${title}</h1><p>${text}</p><p><a href="/console/users">Back to the users</a></p>`,
  }
}

function toTime(timeMs: number): Html {
  const iso = new Date(timeMs).toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`
}
