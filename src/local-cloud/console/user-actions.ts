/** What a person may do to a user here, each by the operation that does it on AWS. */

import type { User } from '../user-pool/store/store.ts'

export interface Act {
  /** the last part of its path, `POST /console/users/<name>` */
  readonly name: string
  readonly operation: string
  readonly label: string
  /** what the user's page says afterwards */
  readonly done: string
  /** members that the operation takes beside the user */
  readonly body?: Readonly<Record<string, unknown>>
  /** @param hasOptionalApp whether sign-in asks for a code of an authenticator app, and need not */
  isOffered(user: User, hasOptionalApp?: boolean): boolean
}

export const acts: readonly Act[] = [
  {
    name: 'confirm',
    operation: 'AdminConfirmSignUp',
    label: 'Confirm user',
    done: 'The user is confirmed.',
    isOffered: ({ status }) => status === 'UNCONFIRMED',
  },
  {
    name: 'disable',
    operation: 'AdminDisableUser',
    label: 'Disable user',
    done: 'The user is disabled.',
    isOffered: ({ enabled }) => enabled,
  },
  {
    name: 'enable',
    operation: 'AdminEnableUser',
    label: 'Enable user',
    done: 'The user is enabled.',
    isOffered: ({ enabled }) => !enabled,
  },
  {
    name: 'reset-password',
    operation: 'AdminResetUserPassword',
    label: 'Reset password',
    done: 'The password no longer works; a code for a new one is in the inbox.',
    isOffered: ({ status }) => status === 'CONFIRMED' || status === 'RESET_REQUIRED',
  },
  {
    name: 'turn-off-app',
    operation: 'AdminSetUserMFAPreference',
    label: 'Turn off authenticator app',
    done: 'Sign-in asks for the password only.',
    body: { SoftwareTokenMfaSettings: { Enabled: false } },
    // Where everyone must have one, Cognito accepts this and does nothing.
    isOffered: (_, hasOptionalApp = false) => hasOptionalApp,
  },
  {
    name: 'sign-out',
    operation: 'AdminUserGlobalSignOut',
    label: 'Sign out everywhere',
    done: 'Every sign-in of the user has ended.',
    isOffered: () => true,
  },
  {
    name: 'delete',
    operation: 'AdminDeleteUser',
    label: 'Delete user',
    done: 'The user is deleted.',
    isOffered: () => true,
  },
]
