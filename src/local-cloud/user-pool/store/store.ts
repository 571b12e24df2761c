/** The data of the user pool, and the contract of its store. Times are milliseconds since the Unix epoch. */

import type { Message } from '../../ports.ts'
import type { ContactAttribute } from '../settings.ts'

export const userStatuses = [
  'UNCONFIRMED',
  'CONFIRMED',
  'RESET_REQUIRED',
  'FORCE_CHANGE_PASSWORD',
] as const
export type UserStatus = (typeof userStatuses)[number]

export interface User {
  /** uuid; never changes */
  readonly sub: string
  /** as typed at sign-up */
  readonly username: string
  readonly status: UserStatus
  readonly enabled: boolean
  /** SRP salt, hex; public: sent to anyone who starts a sign-in */
  readonly saltHex: string
  /** SRP verifier, hex; secret: never sent */
  readonly verifierHex: string
  /** false: signs in without a password; salt and verifier are of one that nobody knows */
  readonly hasPassword: boolean
  /** end of a temporary password's validity; `undefined` for a password that the user chose */
  readonly temporaryUntilMs: number | undefined
  /** without `sub`; values are strings, `email_verified` "true" or "false" */
  readonly attributes: ReadonlyMap<string, string>
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

/** An authenticator app as MFA factor of a user. */
export interface SoftwareToken {
  /** base32; `undefined` until VerifySoftwareToken has accepted a code */
  readonly secret: string | undefined
  /** base32; given out by AssociateSoftwareToken, not verified yet */
  readonly pendingSecret: string | undefined
  /** 30-second step of the last code that was accepted; each is accepted once */
  readonly lastUsedStep: number | undefined
  /** name that the user gave it */
  readonly friendlyDeviceName: string | undefined
  readonly enabled: boolean
  readonly preferred: boolean
}

export const authenticatorTransports = [
  'ble',
  'cable',
  'hybrid',
  'internal',
  'nfc',
  'smart-card',
  'usb',
] as const
export type AuthenticatorTransport = (typeof authenticatorTransports)[number]

export const authenticatorAttachments = ['platform', 'cross-platform'] as const
export type AuthenticatorAttachment = (typeof authenticatorAttachments)[number]

/** A passkey of a user. */
export interface WebAuthnCredential {
  /** base64url; unique in the pool */
  readonly credentialId: string
  readonly sub: string
  /** COSE key, base64url */
  readonly publicKey: string
  /** signature counter; 0 from an authenticator that does not count */
  readonly counter: number
  /** how clients reach the authenticator, as it said at registration */
  readonly transports: readonly AuthenticatorTransport[]
  readonly attachment: AuthenticatorAttachment | undefined
  /** whether a provider has a copy of it, so that it outlives the device */
  readonly backedUp: boolean
  /** domain for which it was made */
  readonly relyingPartyId: string
  /** FriendlyCredentialName */
  readonly name: string
  readonly createdAtMs: number
}

/** Thrown when the pool has a credential of this id. */
export class CredentialTakenError extends Error {
  override readonly name = 'CredentialTakenError'
}

/** The second factors whose code comes in a message. */
export type MessageMfaFactor = 'EMAIL_OTP' | 'SMS_MFA'

/** MFA by email or SMS as a user has set it. */
export interface MessageMfa {
  readonly enabled: boolean
  readonly preferred: boolean
}

/** `attribute` is for the email address. */
export type CodePurpose = 'sign-up' | 'attribute' | 'phone-attribute' | 'password-reset'

export interface Code {
  readonly sub: string
  readonly purpose: CodePurpose
  readonly code: string
  /** the email address or phone number it was sent to, which it verifies */
  readonly address: string
  readonly expiresAtMs: number
}

/** A sign-in, and the tokens issued for it. */
export interface Session {
  /** uuid; `origin_jti` in its tokens */
  readonly originJti: string
  readonly sub: string
  readonly clientId: string
  readonly eventId: string
  readonly signedInAtMs: number
  /** end of the refresh token's validity, which rotation does not extend */
  readonly expiresAtMs: number
  readonly revoked: boolean
}

export interface RefreshToken {
  /** SHA-256 of the token, hex; the token itself is not stored */
  readonly hash: string
  readonly originJti: string
  /** when rotation replaced it; `undefined` for the current one */
  readonly replacedAtMs: number | undefined
}

export interface StoredMessage extends Message {
  /** ascending in the order of sending */
  readonly id: number
  readonly sentAtMs: number
}

/** A counter for a rate limit. */
export interface RateCounter {
  /** `sub` of the user, or of a simulated one; `account` for all emails */
  readonly subject: string
  /** the operation, `SignIn` for failed sign-ins, or `Email` */
  readonly kind: string
  readonly count: number
  /** for an operation time of the first call in the window, for `SignIn` of the last failure, for `Email` the end of the day */
  readonly atMs: number
}

/** A group of users, whose name and role are in their tokens. */
export interface UserGroup {
  readonly name: string
  readonly description: string | undefined
  /** ARN of an IAM role */
  readonly roleArn: string | undefined
  /** from 0, which comes first; `undefined` comes last */
  readonly precedence: number | undefined
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

/** Thrown when the name of a group is taken. */
export class GroupTakenError extends Error {
  override readonly name = 'GroupTakenError'
}

/** An app client that was made, changed or deleted at run time. */
export interface StoredAppClient {
  readonly clientId: string
  /** as CreateUserPoolClient and UpdateUserPoolClient take them; `undefined` for a deleted client of the template */
  readonly properties: Readonly<Record<string, unknown>> | undefined
  /** what the template said of it then; `undefined` for a client that was made at run time */
  readonly template: string | undefined
  readonly clientSecret: string | undefined
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

/** Thrown when the user name is taken. */
export class UsernameTakenError extends Error {
  override readonly name = 'UsernameTakenError'
}

/** Thrown when the value of the attribute is another user's alias. */
export class AliasTakenError extends Error {
  override readonly name = 'AliasTakenError'
  readonly attribute: ContactAttribute | 'preferred_username'

  constructor(attribute: AliasTakenError['attribute']) {
    super(`this ${attribute} is another user's alias`)
    this.attribute = attribute
  }
}

export interface Store {
  /** Runs `change` in a transaction. When this returns, it is on disk; when `change` throws, it is rolled back. */
  transaction<Result>(change: () => Result): Result
  /** Runs `change` inside a transaction. When it throws, only its own changes are rolled back. */
  savepoint<Result>(change: () => Result): Result

  /** @param username user name or alias, compared by the pool's case sensitivity */
  findUser(username: string): User | undefined
  findUserBySub(sub: string): User | undefined
  /** @returns the user who can sign in with this email address or phone number */
  findUserByAlias(address: string): User | undefined
  /** @throws {UsernameTakenError} @throws {AliasTakenError} */
  insertUser(user: User): void
  /** @throws {AliasTakenError} */
  updateUser(user: User): void
  /** Also deletes the user's group memberships, codes, sessions, MFA factors and passkeys. */
  deleteUser(sub: string): void
  countUsers(): number
  /** @returns users ordered by user name: `limit` of those after `after` */
  listUsers(page: {
    limit: number
    after?: string | undefined
    filter?: UserFilter
  }): readonly User[]
  /**
   * @returns users ordered by the name that they sign in with, their email address or phone number where the pool signs in by it: `limit`
   *   of those after the name `after` whose name starts with `prefix`, compared by the pool's case sensitivity
   */
  listUsersByName(page: { limit: number; after?: string; prefix: string }): readonly User[]

  /** @throws {GroupTakenError} */
  insertGroup(group: UserGroup): void
  findGroup(name: string): UserGroup | undefined
  updateGroup(group: UserGroup): void
  /** Also deletes its memberships. */
  deleteGroup(name: string): void
  /** @returns groups ordered by name: `limit` of those after `after` */
  listGroups(page: { limit: number; after?: string | undefined }): readonly UserGroup[]
  /** Without effect for a user who is in the group. */
  addToGroup(member: { groupName: string; sub: string }): void
  /** Without effect for a user who is not in the group. */
  removeFromGroup(member: { groupName: string; sub: string }): void
  /** @returns all groups of a user, ordered by precedence and name */
  listGroupsOf(sub: string): readonly UserGroup[]
  /** @returns users of a group, ordered by user name: `limit` of those after `after` */
  listUsersInGroup(
    name: string,
    page: { limit: number; after?: string | undefined },
  ): readonly User[]

  /** Makes `code` the valid one for its purpose; older ones are kept as superseded. */
  saveCode(code: Code): void
  /** Writes as much as `saveCode` and `insertMessage`, for timing; the code is never valid, the message not listed. */
  saveDummyCode(code: Code, message: Omit<StoredMessage, 'id'>): void
  /** Whether a code for this purpose was asked for, dummies included, and has not expired. */
  hasUnexpiredCode(sub: string, purpose: CodePurpose, nowMs: number): boolean
  /** @returns the code that is not superseded, expired or not */
  findCode(sub: string, purpose: CodePurpose): Code | undefined
  /** Whether `code` was sent for this purpose before the current one. */
  isSupersededCode(code: Pick<Code, 'sub' | 'purpose' | 'code'>): boolean
  deleteCodes(sub: string, purpose: CodePurpose): void

  findSoftwareToken(sub: string): SoftwareToken | undefined
  saveSoftwareToken(sub: string, token: SoftwareToken): void

  /** @throws {CredentialTakenError} */
  insertWebAuthnCredential(credential: WebAuthnCredential): void
  findWebAuthnCredential(credentialId: string): WebAuthnCredential | undefined
  /** @returns oldest first */
  listWebAuthnCredentialsOf(sub: string): readonly WebAuthnCredential[]
  /** Saves what a sign-in has brought. */
  updateWebAuthnCredential(
    credential: Pick<WebAuthnCredential, 'credentialId' | 'counter' | 'backedUp'>,
  ): void
  /** @returns whether the user had it */
  deleteWebAuthnCredential(credential: Pick<WebAuthnCredential, 'sub' | 'credentialId'>): boolean
  /** Whether a passkey of this user counts as MFA. */
  hasWebAuthnMfa(sub: string): boolean
  saveWebAuthnMfa(sub: string, enabled: boolean): void

  /** @returns `undefined` for a user who has never set it */
  findMessageMfa(sub: string, factor: MessageMfaFactor): MessageMfa | undefined
  saveMessageMfa(sub: string, factor: MessageMfaFactor, mfa: MessageMfa): void

  /** @returns oldest first */
  listAppClients(): readonly StoredAppClient[]
  /** Takes the place of one with the same id. */
  saveAppClient(client: StoredAppClient): void
  /** Without effect for one that there is not. */
  deleteAppClient(clientId: string): void

  insertSession(session: Session): void
  findSession(originJti: string): Session | undefined
  findSessionByEvent(event: { sub: string; eventId: string }): Session | undefined
  /** newest first, at most `limit` */
  listSessionsOf(sub: string, limit: number): readonly Session[]
  revokeSession(originJti: string): void
  revokeSessionsOf(sub: string): void
  revokeSessionsOfClient(clientId: string): void
  insertRefreshToken(token: RefreshToken): void
  findRefreshToken(hash: string): RefreshToken | undefined
  markReplaced(hash: string, atMs: number): void

  /**
   * Marks a challenge as used.
   *
   * @returns false when it was already used
   */
  consumeChallenge(challenge: { nonce: string; expiresAtMs: number }): boolean
  isChallengeConsumed(nonce: string): boolean
  /** Deletes consumed challenges, sessions, superseded codes and rate counters that are no longer needed. */
  deleteExpired(nowMs: number): void

  findRateCounter(key: Pick<RateCounter, 'subject' | 'kind'>): RateCounter | undefined
  saveRateCounter(counter: RateCounter): void
  deleteRateCounter(key: Pick<RateCounter, 'subject' | 'kind'>): void

  insertMessage(message: Omit<StoredMessage, 'id'>): void
  /** Writes as much as `insertMessage`, for timing; the message is not listed. */
  insertDummyMessage(message: Omit<StoredMessage, 'id'>): void
  /** newest first, at most `limit` */
  listMessages(limit: number): readonly StoredMessage[]

  /** Deletes everything but the secrets of the pool itself, inside a transaction: it is as when it was new. */
  clear(): void
  /** Copies the store into a file that does not exist yet. */
  backUp(path: string): void

  /** A secret of this pool, such as its signing keys. */
  readSecret(name: string): string | undefined
  writeSecret(name: string, value: string): void

  close(): void
}

/** What is kept among the secrets and is none: it goes when the store is cleared. */
export const storedNames = {
  settingsChanges: 'settings-changes',
  templateGroups: 'template-groups',
  templateUsers: 'template-users',
} as const

/** ListUsers' Filter. */
export interface UserFilter {
  /** `username`, `status`, `cognito:user_status`, `sub` or an attribute's name */
  readonly name: string
  readonly match: 'equals' | 'starts-with'
  readonly value: string
}

/** Reads a secret; creates and stores it first if there is none. */
export function loadSecret(store: Store, name: string, create: () => string): string {
  const stored = store.readSecret(name)
  if (stored !== undefined) return stored
  const created = create()
  store.writeSecret(name, created)
  return created
}
