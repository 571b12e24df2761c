/** What the console offers to do with a user, and the admin operation that does it. */

import type { User } from '../user-pool/store/store.ts'

export interface UserAction {
  /** last segment of its path, `POST /console/users/<name>` */
  readonly name: string
  readonly operation: string
  readonly label: string
  /** message on the user's page afterwards */
  readonly done: string
  /** whether it takes something away from the user; shown in the error color */
  readonly isDestructive?: boolean
  /** members of the operation's body beside UserPoolId and Username */
  readonly body?: Readonly<Record<string, unknown>>
  /** @param hasOptionalApp whether sign-in asks for the code of an authenticator app, and MFA is optional */
  isAvailable(user: User, hasOptionalApp?: boolean): boolean
}

export const userActions: readonly UserAction[] = [
  {
    name: 'confirm',
    operation: 'AdminConfirmSignUp',
    label: 'Confirm user',
    done: 'The user is confirmed.',
    isAvailable: ({ status }) => status === 'UNCONFIRMED',
  },
  {
    name: 'disable',
    operation: 'AdminDisableUser',
    label: 'Disable user',
    done: 'The user is disabled.',
    isDestructive: true,
    isAvailable: ({ enabled }) => enabled,
  },
  {
    name: 'enable',
    operation: 'AdminEnableUser',
    label: 'Enable user',
    done: 'The user is enabled.',
    isAvailable: ({ enabled }) => !enabled,
  },
  {
    name: 'reset-password',
    operation: 'AdminResetUserPassword',
    label: 'Reset password',
    done: 'The password no longer works. A code for a new one is in the inbox.',
    isAvailable: ({ status }) => status === 'CONFIRMED' || status === 'RESET_REQUIRED',
  },
  {
    name: 'turn-off-app',
    operation: 'AdminSetUserMFAPreference',
    label: 'Turn off authenticator app',
    done: 'The authenticator app is off. Sign-in no longer asks for its code.',
    body: { SoftwareTokenMfaSettings: { Enabled: false } },
    // Where MFA is required, Cognito accepts this without effect.
    isAvailable: (_, hasOptionalApp = false) => hasOptionalApp,
  },
  {
    name: 'sign-out',
    operation: 'AdminUserGlobalSignOut',
    label: 'Sign out everywhere',
    done: 'The user is signed out everywhere.',
    isAvailable: () => true,
  },
  {
    name: 'delete',
    operation: 'AdminDeleteUser',
    label: 'Delete user',
    done: 'The user is deleted.',
    isDestructive: true,
    isAvailable: () => true,
  },
]

/** What the console offers to do with a user by a form that asks for more. */
export interface UserFormAction {
  /** last segment of its path, `POST /console/users/<name>` */
  readonly name: string
  /** run one after the other; one that fails is the last */
  readonly operations: readonly string[]
  readonly label: string
  /** message on the user's page afterwards */
  readonly done: string
  /** @returns members of the operations' bodies beside UserPoolId and Username */
  readMembers(form: URLSearchParams): Readonly<Record<string, unknown>>
}

const readGroupName = (form: URLSearchParams) => ({ GroupName: form.get('group') ?? '' })

export const userFormActions = {
  setPassword: {
    name: 'set-password',
    operations: ['AdminSetUserPassword'],
    label: 'Set password',
    done: 'The password is set.',
    readMembers: (form) => ({
      Password: form.get('password') ?? '',
      Permanent: form.has('permanent'),
    }),
  },
  setPhoneNumber: {
    name: 'set-phone-number',
    operations: ['AdminUpdateUserAttributes'],
    label: 'Set phone number',
    done: 'The phone number is set.',
    readMembers(form) {
      const phone = form.get('phone')?.trim() ?? ''
      const verified = form.has('phone-verified') ? 'true' : 'false'
      return {
        UserAttributes: [
          { Name: 'phone_number', Value: phone },
          // Who has no phone number any more has no flag either.
          ...(phone === '' ? [] : [{ Name: 'phone_number_verified', Value: verified }]),
        ],
      }
    },
  },
  addToGroup: {
    name: 'add-to-group',
    operations: ['AdminAddUserToGroup'],
    label: 'Add to group',
    done: 'The user is in the group. Their next tokens say so.',
    readMembers: readGroupName,
  },
  createGroup: {
    name: 'create-group',
    operations: ['CreateGroup', 'AdminAddUserToGroup'],
    label: 'Create group',
    done: 'The group is created, and the user is in it. Their next tokens say so.',
    readMembers: readGroupName,
  },
  removeFromGroup: {
    name: 'remove-from-group',
    operations: ['AdminRemoveUserFromGroup'],
    label: 'Remove',
    done: 'The user has left the group. Their next tokens say so.',
    readMembers: readGroupName,
  },
} as const satisfies Readonly<Record<string, UserFormAction>>

/** What the console offers to do with one passkey of a user. */
export const passkeyRemoval = {
  name: 'remove-passkey',
  label: 'Remove',
  done: 'The passkey is removed. It stays on its device, and signs nobody in.',
} as const
