/** The console's pages as HTML: they read and act without script. */

import type { StoredLetter, User } from '../user-pool/store/store.ts'
import { type Html, html } from './html.ts'

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
<title>${title} – Wild Rydes local cloud</title>
<link rel="icon" href="/console/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/console/console.css">
<script type="module" src="/console/console.js"></script>
</head>
<body>
<header>
<p class="brand">Wild Rydes <span>local cloud</span></p>
<nav aria-label="Console"><a href="/console/">Inbox</a> <a href="/console/users">Users</a></nav>
</header>
<main>${main}</main>
</body>
</html>
`.markup
}

export function toInboxPage(letters: readonly StoredLetter[]): Page {
  return {
    title: 'Inbox',
    main: html`
<h1>Inbox</h1>
<p>Every letter the local user pool sends lands here, newest first.</p>
<p role="status" id="status"></p>
<section id="letters" aria-label="Letters">${
      letters.length === 0
        ? html`<p class="empty">No letters yet. Register on the site, and the code appears here.</p>`
        : letters.map(toLetterItem)
    }</section>`,
  }
}

function toLetterItem({ id, to, subject, text, code, sentAtMs }: StoredLetter): Html {
  return html`
<article id="letter-${id}" aria-label="${subject}, to ${to}">
<h2>${subject}</h2>
<p class="meta">To <bdi>${to}</bdi>, <time datetime="${toIso(sentAtMs)}">${toReadable(sentAtMs)}</time></p>
<p class="code"><code>${code}</code> <button type="button" data-copy="${code}" hidden>Copy code</button></p>
<p>${text}</p>
</article>`
}

export interface UsersView {
  readonly users: readonly User[]
  /** user name to go on after, when there are more */
  readonly next: string | undefined
}

export function toUsersPage({ users, next }: UsersView): Page {
  return {
    title: 'Users',
    main: html`
<h1>Users</h1>
${
  users.length === 0
    ? html`<p class="empty">No users yet. Register on the site to make the first one.</p>`
    : html`<div class="table" tabindex="0" role="region" aria-label="Users">
<table>
<thead><tr><th scope="col">User name</th><th scope="col">E-mail</th><th scope="col">Status</th><th scope="col">Created</th><th scope="col">Act</th></tr></thead>
<tbody>${users.map(toUserRow)}</tbody>
</table>
</div>`
}
${next === undefined ? '' : html`<p><a href="/console/users?after=${encodeURIComponent(next)}">Next page</a></p>`}`,
  }
}

function toUserRow(user: User): Html {
  const email = user.attributes.get('email')
  const isVerified = user.attributes.get('email_verified') === 'true'
  return html`
<tr>
<th scope="row"><bdi>${user.username}</bdi></th>
<td>${email === undefined ? '–' : html`<bdi>${email}</bdi> (${isVerified ? 'verified' : 'not verified'})`}</td>
<td>${user.status}${user.enabled ? '' : ', disabled'}</td>
<td><time datetime="${toIso(user.createdAtMs)}">${toReadable(user.createdAtMs)}</time></td>
<td>${user.status === 'UNCONFIRMED' ? toConfirmForm(user) : '–'}</td>
</tr>`
}

function toConfirmForm({ username }: User): Html {
  return html`<form method="post" action="/console/users/confirm"><input type="hidden" name="username" value="${username}"><button aria-label="Confirm user ${username}">Confirm user</button></form>`
}

export function toMessagePage({ title, text }: { title: string; text: string }): Page {
  return {
    title,
    main: html`<h1>${title}</h1><p>${text}</p><p><a href="/console/users">Back to the users</a></p>`,
  }
}

function toIso(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

function toReadable(timeMs: number): string {
  return `${toIso(timeMs).slice(0, 19).replace('T', ' ')} UTC`
}
