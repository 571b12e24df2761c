/** What the user pool remembers, as a contract; times are milliseconds since the Unix epoch. */

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
  /** as first typed */
  readonly username: string
  readonly status: UserStatus
  readonly enabled: boolean
  /** SRP salt, hex; goes to anyone who asks to sign in */
  readonly saltHex: string
  /** SRP verifier, hex; goes nowhere */
  readonly verifierHex: string
  /** without `sub`; values are strings, `email_verified` "true" or "false" */
  readonly attributes: ReadonlyMap<string, string>
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

export const codePurposes = ['sign-up', 'password-reset'] as const
export type CodePurpose = (typeof codePurposes)[number]

export interface Code {
  readonly sub: string
  readonly purpose: CodePurpose
  readonly code: string
  readonly expiresAtMs: number
}

/** One sign-in and all tokens that came of it. */
export interface Session {
  /** uuid of the family; `origin_jti` in its tokens */
  readonly originJti: string
  readonly sub: string
  readonly clientId: string
  readonly eventId: string
  readonly signedInAtMs: number
  /** end of the refresh token's life, which rotation does not extend */
  readonly expiresAtMs: number
  readonly revoked: boolean
}

export interface RefreshToken {
  /** SHA-256 of the token, hex: the token itself is not kept */
  readonly hash: string
  readonly originJti: string
  /** when rotation replaced it; `undefined` while it is the newest */
  readonly replacedAtMs: number | undefined
}

export interface StoredLetter {
  /** ascending in the order of sending */
  readonly id: number
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly code: string
  readonly sentAtMs: number
}

/** Thrown by `insertUser` when the user name is taken. */
export class UsernameTakenError extends Error {
  override readonly name = 'UsernameTakenError'
}

export interface Store {
  /** Runs `change` as one transaction: all of it is on disk when this returns, or none after a throw. */
  transaction<Result>(change: () => Result): Result

  /** @param username compared as the pool's case rule says */
  findUser(username: string): User | undefined
  findUserBySub(sub: string): User | undefined
  /** @throws {UsernameTakenError} */
  insertUser(user: User): void
  updateUser(user: User): void
  /** Users by user name, `limit` of them after the given one. */
  listUsers(page: { limit: number; after?: string; filter?: UserFilter }): readonly User[]

  /** Makes `code` the only one that counts for its purpose; older ones stay known as superseded. */
  saveCode(code: Code): void
  /** The code that counts, expired or not. */
  findCode(sub: string, purpose: CodePurpose): Code | undefined
  /** Whether `code` was sent for this purpose before the one that counts now. */
  isSupersededCode(code: Omit<Code, 'expiresAtMs'>): boolean
  deleteCodes(sub: string, purpose: CodePurpose): void

  insertSession(session: Session): void
  findSession(originJti: string): Session | undefined
  findSessionByEvent(event: { sub: string; eventId: string }): Session | undefined
  revokeSession(originJti: string): void
  revokeSessionsOf(sub: string): void
  insertRefreshToken(token: RefreshToken): void
  findRefreshToken(hash: string): RefreshToken | undefined
  markReplaced(hash: string, atMs: number): void

  /**
   * Uses up a challenge.
   *
   * @returns false when it was used before
   */
  spendChallenge(challenge: { nonce: string; expiresAtMs: number }): boolean
  /** Forgets spent challenges, sessions and codes whose time is over. */
  forgetExpired(nowMs: number): void

  insertLetter(letter: Omit<StoredLetter, 'id'>): void
  /** newest first, `limit` at the most */
  listLetters(limit: number): readonly StoredLetter[]

  /** A secret of this pool (signing keys, sealing key), made on first use. */
  readSecret(name: string): string | undefined
  writeSecret(name: string, value: string): void

  close(): void
}

/** One clause of ListUsers' Filter. */
export interface UserFilter {
  /** `username`, `status`, `cognito:user_status`, `sub` or an attribute's name */
  readonly name: string
  readonly match: 'equals' | 'starts-with'
  readonly value: string
}
