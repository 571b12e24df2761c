/** The console's forms about users: create one, set a password, put one into a group. They work without script. */

import { findContactAttribute, isVerified } from '../user-pool/contacts.ts'
import { type UserPoolSettings, usernameModels } from '../user-pool/settings.ts'
import type { User, UserGroup } from '../user-pool/store/store.ts'
import { type Html, html } from './html.ts'
import { type UserFormAction, userFormActions } from './user-actions.ts'

/** Path of the page that creates a user. */
export const createUserPath = '/console/create-user'

/** What the form sends. */
export interface NewUser {
  readonly username: string
  /** empty without one; not asked for where it is the username */
  readonly email: string
  readonly isEmailVerified: boolean
  /** empty without one */
  readonly phone: string
  readonly isPhoneVerified: boolean
  /** empty: the pool makes one */
  readonly temporaryPassword: string
  readonly isInvited: boolean
}

export const emptyNewUser: NewUser = {
  username: '',
  email: '',
  isEmailVerified: false,
  phone: '',
  isPhoneVerified: false,
  temporaryPassword: '',
  isInvited: true,
}

export function readNewUser(form: URLSearchParams): NewUser {
  return {
    username: form.get('username')?.trim() ?? '',
    email: form.get('email')?.trim() ?? '',
    isEmailVerified: form.has('email-verified'),
    phone: form.get('phone')?.trim() ?? '',
    isPhoneVerified: form.has('phone-verified'),
    temporaryPassword: form.get('temporary-password') ?? '',
    isInvited: form.has('invitation'),
  }
}

type FormSettings = Pick<UserPoolSettings, 'userPoolId' | 'usernameModel' | 'sendsSms'>

/** Whether users of the pool are asked for a phone number. */
export function usesPhoneNumbers({ usernameModel, sendsSms }: FormSettings): boolean {
  return sendsSms || usernameModels[usernameModel].contacts.includes('phone_number')
}

/** @returns the body of AdminCreateUser */
export function toCreateUserBody(user: NewUser, settings: FormSettings) {
  const { username, email, phone, temporaryPassword, isInvited } = user
  const { areUsernames } = usernameModels[settings.usernameModel]
  const named = areUsernames ? findContactAttribute(username) : undefined
  const hasEmail = named === 'email' || email !== ''
  const hasPhone = named === 'phone_number' || phone !== ''
  return {
    UserPoolId: settings.userPoolId,
    Username: username,
    UserAttributes: [
      ...(email === '' ? [] : [{ Name: 'email', Value: email }]),
      ...(hasEmail && user.isEmailVerified ? [{ Name: 'email_verified', Value: 'true' }] : []),
      ...(phone === '' ? [] : [{ Name: 'phone_number', Value: phone }]),
      ...(hasPhone && user.isPhoneVerified
        ? [{ Name: 'phone_number_verified', Value: 'true' }]
        : []),
    ],
    ...(temporaryPassword !== '' && { TemporaryPassword: temporaryPassword }),
    DesiredDeliveryMediums: [hasPhone && !hasEmail ? 'SMS' : 'EMAIL'],
    ...(!isInvited && { MessageAction: 'SUPPRESS' }),
  }
}

/** @param problem why the user was not created; empty at first */
export function toCreateUserForm(
  user: NewUser,
  { settings, problem }: { settings: FormSettings; problem: string },
): Html {
  const { contacts, areUsernames } = usernameModels[settings.usernameModel]
  const labels = { email: 'Email', phone_number: 'Phone number' } as const
  const [first = '', second] = contacts.map((contact) => labels[contact])
  const names = second === undefined ? first : `${first} or ${second.toLowerCase()}`
  const hasPhones = usesPhoneNumbers(settings)
  const isNamedBy = (attribute: keyof typeof labels) =>
    areUsernames && contacts.length === 1 && contacts.includes(attribute)
  const invitation = hasPhones ? 'Send an invitation' : 'Email an invitation'
  return html`${problem === '' ? '' : html`<p class="problem" role="alert">Nothing was changed. ${problem}</p>`}
<form class="card fields" method="post" action="${createUserPath}">
${toField({ name: 'username', label: areUsernames ? names : 'Username', value: user.username, isRequired: true })}
${isNamedBy('email') ? '' : toField({ name: 'email', label: 'Email (optional)', value: user.email })}
${toCheckbox({ name: 'email-verified', label: 'Mark the email address as verified', isChecked: user.isEmailVerified })}
${hasPhones ? toPhoneFields(user, isNamedBy('phone_number')) : ''}
${toField({ name: 'temporary-password', label: 'Temporary password (optional)', value: user.temporaryPassword, hint: 'Without one the pool makes one.' })}
${toCheckbox({ name: 'invitation', label: `${invitation} with the temporary password`, isChecked: user.isInvited })}
<p><button>Create user</button></p>
</form>`
}

function toPhoneFields(user: NewUser, isUsername: boolean): Html {
  const label = 'Phone number (optional)'
  return html`${isUsername ? '' : toField({ name: 'phone', label, value: user.phone, hint: phoneHint })}
${toCheckbox({ name: 'phone-verified', label: 'Mark the phone number as verified', isChecked: user.isPhoneVerified })}`
}

const phoneHint = 'With + and the country code, such as +12065550100.'

export function toSetPhoneNumberForm(user: User): Html {
  const action = userFormActions.setPhoneNumber
  const value = user.attributes.get('phone_number') ?? ''
  const hint = `${phoneHint} Empty deletes it.`
  return html`<details><summary class="button">${action.label} …</summary>
${toUserForm(
  action,
  user,
  html`${toField({ name: 'phone', label: 'Phone number', value, hint })}
${toCheckbox({ name: 'phone-verified', label: 'Mark the phone number as verified', isChecked: isVerified(user, 'phone_number') })}`,
)}</details>`
}

export function toSetPasswordForm(user: User): Html {
  const action = userFormActions.setPassword
  return html`<details><summary class="button">${action.label} …</summary>
${toUserForm(
  action,
  user,
  html`${toField({ name: 'password', label: 'Password', value: '', isRequired: true })}
${toCheckbox({ name: 'permanent', label: 'Permanent: the user need not choose another at the next sign-in', isChecked: true })}`,
)}</details>`
}

export interface GroupsView {
  readonly user: User
  /** those of the user, by precedence */
  readonly groups: readonly UserGroup[]
  /** names of others in the pool */
  readonly otherGroups: readonly string[]
}

export function toGroupsCard({ user, groups, otherGroups }: GroupsView): Html {
  return html`<section class="card"><h2>Groups</h2>
${groups.length === 0 ? html`<p class="empty">In no group.</p>` : toGroupsList(user, groups)}
<div class="actions">
${otherGroups.length === 0 ? '' : toAddToGroupForm(user, otherGroups)}
<details><summary class="button">${userFormActions.createGroup.label} …</summary>
${toUserForm(
  userFormActions.createGroup,
  user,
  toField({ name: 'group', label: 'Name of a new group', value: '', isRequired: true }),
)}</details>
</div></section>`
}

function toGroupsList({ sub }: User, groups: readonly UserGroup[]): Html {
  const { name: action, label } = userFormActions.removeFromGroup
  return html`<ul class="groups">${groups.map(
    ({ name, ...group }) => html`
<li><div><strong><bdi>${name}</bdi></strong>${toGroupFacts(group).map((fact) => html`<span class="meta">${fact}</span>`)}</div><form method="post" action="/console/users/${action}"><input type="hidden" name="sub" value="${sub}"><input type="hidden" name="group" value="${name}"><button class="destructive" aria-label="${label} from ${name}">${label}</button></form></li>`,
  )}</ul>`
}

/** @returns what there is to say of a group beside its name */
export function toGroupFacts(group: Omit<UserGroup, 'name'>): readonly string[] {
  const { description = '', precedence, roleArn } = group
  return [
    ...(description === '' ? [] : [description]),
    ...(precedence === undefined ? [] : [`Precedence ${precedence}`]),
    ...(roleArn === undefined ? [] : [roleArn]),
  ]
}

function toAddToGroupForm(user: User, names: readonly string[]): Html {
  const options = names.map((name) => html`<option>${name}</option>`)
  return toUserForm(
    userFormActions.addToGroup,
    user,
    html`<p><label for="group-select">Group</label><select id="group-select" name="group">${options}</select></p>`,
  )
}

function toUserForm({ name, label }: UserFormAction, { sub }: User, fields: Html): Html {
  return html`<form class="fields" method="post" action="/console/users/${name}"><input type="hidden" name="sub" value="${sub}">
${fields}
<p><button>${label}</button></p></form>`
}

interface Field {
  readonly name: string
  /** its name by default */
  readonly id?: string
  readonly label: string
  readonly value: string
  readonly hint?: string
  readonly isRequired?: boolean
}

export function toField({ name, id = name, label, value, hint, isRequired = false }: Field): Html {
  return html`<p><label for="${id}">${label}</label><input id="${id}" name="${name}" value="${value}" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false"${hint === undefined ? '' : html` aria-describedby="${id}-hint"`}${isRequired ? html` required` : ''}>${hint === undefined ? '' : html`<span class="meta" id="${id}-hint">${hint}</span>`}</p>`
}

function toCheckbox({
  name,
  label,
  isChecked,
}: {
  name: string
  label: string
  isChecked: boolean
}): Html {
  return html`<p class="checkbox"><input type="checkbox" id="${name}" name="${name}"${isChecked ? html` checked` : ''}><label for="${name}">${label}</label></p>`
}
