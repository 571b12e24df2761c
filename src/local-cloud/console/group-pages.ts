/** The console's page of groups: create, edit and delete one. It works without script. */

import type { UserGroup } from '../user-pool/store/store.ts'
import type { Page } from './console-pages.ts'
import { toName, toSectionLinks, toStatusLine } from './console-parts.ts'
import { type Html, html } from './html.ts'
import { toField, toGroupFacts } from './user-forms.ts'

/** Path of the page; its actions are below it. */
export const groupsPath = '/console/groups'

interface GroupAction {
  /** last segment of its path, `POST /console/groups/<name>` */
  readonly name: string
  readonly operation: string
  readonly label: string
  /** message on the page of groups afterwards */
  readonly done: string
}

export const groupActions = {
  create: {
    name: 'create',
    operation: 'CreateGroup',
    label: 'Create group',
    done: 'The group is created.',
  },
  update: {
    name: 'update',
    operation: 'UpdateGroup',
    label: 'Save group',
    done: 'The group is changed. Tokens have it from their next refresh on.',
  },
  delete: {
    name: 'delete',
    operation: 'DeleteGroup',
    label: 'Delete group',
    done: 'The group is deleted. Its users stay.',
  },
} as const satisfies Readonly<Record<string, GroupAction>>

/** @returns members of the operation's body beside UserPoolId; what is not filled in is not there */
export function readGroupMembers(form: URLSearchParams): Readonly<Record<string, unknown>> {
  const precedence = form.get('precedence')?.trim() ?? ''
  const roleArn = form.get('role-arn')?.trim() ?? ''
  return {
    GroupName: form.get('group')?.trim() ?? '',
    ...(form.has('description') && { Description: form.get('description') ?? '' }),
    // What is no number is for the operation to refuse.
    ...(precedence !== '' && {
      Precedence: /^-?\d+$/.test(precedence) ? Number(precedence) : precedence,
    }),
    ...(roleArn !== '' && { RoleArn: roleArn }),
  }
}

export interface GroupsPageView {
  /** ordered by name */
  readonly groups: readonly UserGroup[]
  /** what the next page comes after, when there are more groups */
  readonly next: string | undefined
  /** message about the action that was just done, empty if none was */
  readonly done: string
}

export function toGroupsPage({ groups, next, done }: GroupsPageView): Page {
  const { create } = groupActions
  const query = new URLSearchParams({ after: next ?? '' })
  return {
    title: 'Groups',
    section: 'users',
    main: html`
<h1>Groups</h1>
<p class="lead">Tokens name the groups of their user, and the role of the one that takes precedence. A user joins a group on their page.</p>
${toStatusLine(done)}
${toSectionLinks('users', groupsPath)}
<div class="actions"><details><summary class="button">${create.label} …</summary>
${toGroupForm(create, html`${toField({ name: 'group', label: 'Name', value: '', isRequired: true })}${toFields({ id: 'new' })}`)}</details></div>
${
  groups.length === 0
    ? html`<p class="empty">No groups yet.</p>`
    : html`<ul class="groups card">${groups.map(toGroupItem)}</ul>`
}
<p id="next">${next === undefined ? '' : html`<a href="${groupsPath}?${query.toString()}">Next page</a>`}</p>`,
  }
}

function toGroupItem(group: UserGroup, index: number): Html {
  const { name } = group
  const { update, delete: deletion } = groupActions
  const named = html`<input type="hidden" name="group" value="${name}">`
  return html`
<li><div><strong>${toName(name)}</strong>${toGroupFacts(group).map((fact) => html`<span class="meta">${fact}</span>`)}</div>
<details><summary class="button" aria-label="Edit ${name}">Edit …</summary>
${toGroupForm(update, html`${named}${toFields({ id: String(index), group })}`)}
<details><summary class="destructive" aria-label="Delete ${name}">Delete …</summary><p>This deletes the group. Its users stay, and are in it no more.</p>
${toGroupForm(deletion, named, { isDestructive: true })}</details>
</details></li>`
}

/** @param id sets the fields of one form apart from those of the others */
function toFields({ id, group }: { id: string; group?: UserGroup }): Html {
  const { description = '', precedence, roleArn = '' } = group ?? {}
  return html`${toField({ name: 'description', id: `description-${id}`, label: 'Description (optional)', value: description })}
${toField({
  name: 'precedence',
  id: `precedence-${id}`,
  label: precedence === undefined ? 'Precedence (optional)' : 'Precedence',
  value: precedence === undefined ? '' : String(precedence),
  hint: '0 comes first. A precedence that a group has can be changed, and not taken away.',
  isRequired: precedence !== undefined,
})}
${toField({ name: 'role-arn', id: `role-arn-${id}`, label: 'ARN of an IAM role (optional)', value: roleArn })}`
}

function toGroupForm(
  { name, label }: GroupAction,
  fields: Html,
  { isDestructive = false } = {},
): Html {
  return html`<form class="fields" method="post" action="${groupsPath}/${name}">
${fields}
<p><button${isDestructive ? html` class="destructive"` : ''}>${label}</button></p></form>`
}
