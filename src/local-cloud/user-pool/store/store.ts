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
  /** when a password set by an administrator stops working; `undefined` for one the user chose */
  readonly temporaryUntilMs: number | undefined
  /** without `sub`; values are strings, `email_verified` "true" or "false" */
  readonly attributes: ReadonlyMap<string, string>
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

/** The second factor of a user: an authenticator app. */
export interface SoftwareToken {
  /** base32; what sign-in checks, `undefined` until a code has proved it */
  readonly secret: string | undefined
  /** base32; handed out and not proved yet */
  readonly pendingSecret: string | undefined
  /** 30-second step of the last code that was taken: none counts twice */
  readonly lastUsedStep: number | undefined
  /** what its user calls it */
  readonly friendlyDeviceName: string | undefined
  readonly enabled: boolean
  readonly preferred: boolean
}

export const codePurposes = ['sign-up', 'attribute', 'password-reset'] as const
export type CodePurpose = (typeof codePurposes)[number]

export interface Code {
  readonly sub: string
  readonly purpose: CodePurpose
  readonly code: string
  /** the e-mail address it was sent to, and which it proves */
  readonly address: string
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

/** How many times something has happened, for limits. */
export interface Tally {
  /** whom it is counted against */
  readonly subject: string
  /** what is counted */
  readonly kind: string
  readonly count: number
  /** of the first or of the last time, as the limit needs it */
  readonly atMs: number
}

/** Thrown when the user name is taken. */
export class UsernameTakenError extends Error {
  override readonly name = 'UsernameTakenError'
}

/** Thrown when another user has the e-mail address in place of a user name. */
export class AliasTakenError extends Error {
  override readonly name = 'AliasTakenError'
}

export interface Store {
  /** Runs `change` as one transaction: all of it is on disk when this returns, or none after a throw. */
  transaction<Result>(change: () => Result): Result
  /** A part of a transaction: a throw undoes this part alone, and goes on. */
  attempt<Result>(change: () => Result): Result

  /** @param username a user name or an alias, compared as the pool's case rule says */
  findUser(username: string): User | undefined
  findUserBySub(sub: string): User | undefined
  /** The user who may sign in with this e-mail address in place of the user name. */
  findUserByAlias(email: string): User | undefined
  /** @throws {UsernameTakenError} @throws {AliasTakenError} */
  insertUser(user: User): void
  /** @throws {AliasTakenError} */
  updateUser(user: User): void
  /** With everything that is the user's: codes, sessions, second factor. */
  deleteUser(sub: string): void
  countUsers(): number
  /** Users by user name, `limit` of them after the given one. */
  listUsers(page: { limit: number; after?: string; filter?: UserFilter }): readonly User[]

  /** Makes `code` the only one that counts for its purpose; older ones stay known as superseded. */
  saveCode(code: Code): void
  /** Writes as much as a code and its letter would, of which nothing counts and nothing is seen. */
  saveDecoy(code: Code, letter: Omit<StoredLetter, 'id'>): void
  /** The code that counts, expired or not. */
  findCode(sub: string, purpose: CodePurpose): Code | undefined
  /** Whether `code` was sent for this purpose before the one that counts now. */
  isSupersededCode(code: Pick<Code, 'sub' | 'purpose' | 'code'>): boolean
  deleteCodes(sub: string, purpose: CodePurpose): void

  findSoftwareToken(sub: string): SoftwareToken | undefined
  saveSoftwareToken(sub: string, token: SoftwareToken): void

  insertSession(session: Session): void
  findSession(originJti: string): Session | undefined
  findSessionByEvent(event: { sub: string; eventId: string }): Session | undefined
  /** newest first, `limit` at the most */
  listSessionsOf(sub: string, limit: number): readonly Session[]
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
  isChallengeSpent(nonce: string): boolean
  /** Forgets spent challenges, sessions, codes and tallies whose time is over. */
  forgetExpired(nowMs: number): void

  findTally(tally: Pick<Tally, 'subject' | 'kind'>): Tally | undefined
  saveTally(tally: Tally): void
  deleteTally(tally: Pick<Tally, 'subject' | 'kind'>): void

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

/** A secret of the store's, made and kept the first time it is asked for. */
export function loadSecret(store: Store, name: string, make: () => string): string {
  const kept = store.readSecret(name)
  if (kept !== undefined) return kept
  const made = make()
  store.writeSecret(name, made)
  return made
}
