/** The user pool's store in SQLite. */

import type Database from 'libsql'
import * as v from 'valibot'
import { deliveryMediums } from '../../ports.ts'
import { backUp, openSqliteFile, StoreError } from '../../sqlite-file.ts'
import { type ContactAttribute, type UsernameModel, usernameModels } from '../settings.ts'
import { applicationId, migrations } from './schema.ts'
import {
  AliasTakenError,
  authenticatorAttachments,
  authenticatorTransports,
  CredentialTakenError,
  GroupTakenError,
  type Session,
  type Store,
  type StoredMessage,
  storedNames,
  type User,
  type UserFilter,
  type UserGroup,
  UsernameTakenError,
  userStatuses,
  type WebAuthnCredential,
} from './store.ts'

/** maximum number of messages in the inbox; older ones are deleted */
const inboxSize = 1000

/** A month, in which the error for an expired session is "has expired" and not "Invalid Refresh Token". */
const expiredSessionsKeptMs = 30 * 86_400_000

/** longer than the window of any limit */
const rateCountersKeptMs = 2 * 3_600_000

/** The largest code point: `text + lastCharacter` is an upper bound of everything that begins with `text`. */
const lastCharacter = '\u{10ffff}'

const userRow = v.object({
  sub: v.string(),
  username: v.string(),
  status: v.picklist(userStatuses),
  enabled: v.number(),
  salt_hex: v.string(),
  verifier_hex: v.string(),
  created_at_ms: v.number(),
  modified_at_ms: v.number(),
  temporary_until_ms: v.nullable(v.number()),
  has_password: v.number(),
})
const attributeRow = v.object({ name: v.string(), value: v.string() })
const codeRow = v.object({ code: v.string(), address: v.string(), expires_at_ms: v.number() })
const softwareTokenRow = v.object({
  secret: v.nullable(v.string()),
  pending_secret: v.nullable(v.string()),
  last_used_step: v.nullable(v.number()),
  friendly_device_name: v.nullable(v.string()),
  enabled: v.number(),
  preferred: v.number(),
})
const webAuthnCredentialRow = v.object({
  credential_id: v.string(),
  sub: v.string(),
  public_key: v.string(),
  counter: v.number(),
  transports: v.pipe(v.string(), v.parseJson(), v.array(v.picklist(authenticatorTransports))),
  attachment: v.nullable(v.picklist(authenticatorAttachments)),
  backed_up: v.number(),
  relying_party_id: v.string(),
  name: v.string(),
  created_at_ms: v.number(),
})
const messageMfaRow = v.object({ enabled: v.number(), preferred: v.number() })
const rateCounterRow = v.object({
  subject: v.string(),
  kind: v.string(),
  count: v.number(),
  at_ms: v.number(),
})
const groupRow = v.object({
  name: v.string(),
  description: v.nullable(v.string()),
  role_arn: v.nullable(v.string()),
  precedence: v.nullable(v.number()),
  created_at_ms: v.number(),
  modified_at_ms: v.number(),
})
const appClientRow = v.object({
  client_id: v.string(),
  properties: v.nullable(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()))),
  template: v.nullable(v.string()),
  client_secret: v.nullable(v.string()),
  created_at_ms: v.number(),
  modified_at_ms: v.number(),
})
const countRow = v.object({ count: v.number() })
const sessionRow = v.object({
  origin_jti: v.string(),
  sub: v.string(),
  client_id: v.string(),
  event_id: v.string(),
  signed_in_at_ms: v.number(),
  expires_at_ms: v.number(),
  revoked: v.number(),
})
const refreshTokenRow = v.object({
  hash: v.string(),
  origin_jti: v.string(),
  replaced_at_ms: v.nullable(v.number()),
})
const messageRow = v.object({
  id: v.number(),
  medium: v.picklist(deliveryMediums),
  recipient: v.string(),
  subject: v.string(),
  body: v.string(),
  code: v.string(),
  sent_at_ms: v.number(),
})
const secretRow = v.object({ value: v.string() })
const tableRow = v.object({ name: v.string() })

/** The store was made under other username rules than those asked for. */
export class UsernameRulesError extends StoreError {
  override readonly name = 'UsernameRulesError'
  /** such as `username, any case` */
  readonly stored: string
  readonly wanted: string

  constructor(
    path: string,
    { stored, wanted }: { stored: string; wanted: string },
    options?: ErrorOptions,
  ) {
    super(
      path,
      `it was made with user names: ${stored}, and the template asks for user names: ${wanted}`,
      options,
    )
    this.stored = stored
    this.wanted = wanted
  }
}

/** What signs a user in beside their user name. */
interface Alias<Attribute = AliasTakenError['attribute']> {
  readonly attribute: Attribute
  /** as it is compared */
  readonly key: string
}

/** What user names mean. It is fixed when a pool is created, here as in AWS. */
export interface UsernameRules {
  /** whether user names that differ only in case are different */
  readonly caseSensitive: boolean
  readonly usernameModel: UsernameModel
  /** whether users can also sign in by `preferred_username` */
  readonly hasPreferredUsernameAlias?: boolean
}

/**
 * Closes a store so that its file can be moved. SQLite closes a connection only when its statements are gone, and deletes
 * the write-ahead log by its name then, which may be another store's by that time: so there must be no log any more.
 *
 * @returns why there is one still: another connection of this process uses it
 */
function closeWithoutLog(database: Database.Database): ErrorOptions | undefined {
  try {
    database.exec('PRAGMA journal_mode = DELETE')
    return undefined
  } catch (cause) {
    return { cause }
  } finally {
    database.close()
  }
}

/**
 * @param path file to open or create, or `:memory:`; a file of an older format is migrated, after a backup
 * @throws {StoreError} when the file is not a user pool's store, is damaged or has a newer format
 * @throws {UsernameRulesError} when it was created with other username rules
 */
export function openSqliteStore(path: string, rules: UsernameRules): Store {
  const database = openSqliteFile(path, { applicationId, migrations })
  const statements = prepareStatements(database)
  const { caseSensitive, usernameModel, hasPreferredUsernameAlias = false } = rules
  const toKey = (username: string) => (caseSensitive ? username : username.toLowerCase())
  const { contacts, areUsernames } = usernameModels[usernameModel]
  /** whether a user can have more aliases than the one in `users.alias_key` */
  const hasAliasTable = hasPreferredUsernameAlias || contacts.length > 1

  /** What signs the user in beside their user name, as it is compared: the first one is for `users.alias_key`. */
  function toContactAliases({ attributes }: User): readonly Alias<ContactAttribute>[] {
    return contacts.flatMap((attribute) => {
      const address = attributes.get(attribute)
      const isActive = areUsernames || attributes.get(`${attribute}_verified`) === 'true'
      return address !== undefined && isActive ? [{ attribute, key: toKey(address) }] : []
    })
  }
  const toAliasKey = (user: User) => toContactAliases(user)[0]?.key ?? null

  /** Those in the table of their own. */
  function toFurtherAliases(user: User): readonly Alias[] {
    const name = hasPreferredUsernameAlias ? user.attributes.get('preferred_username') : undefined
    const preferred =
      name === undefined ? [] : [{ attribute: 'preferred_username', key: toKey(name) } as const]
    return [...toContactAliases(user).slice(1), ...preferred]
  }
  assertUsernameRules()

  /** Stores the rules in a new store, and compares them in an existing one. */
  function assertUsernameRules(): void {
    const name = 'naming-rules'
    const prefix = 'user names: '
    const alias = hasPreferredUsernameAlias ? ', with preferred_username' : ''
    const wanted = `${usernameModel}, ${caseSensitive ? 'case sensitive' : 'any case'}${alias}`
    const stored = findOne(statements.secret.get(name), secretRow)?.value
    if (stored === undefined) statements.writeSecret.run(name, prefix + wanted)
    else if (stored !== prefix + wanted) {
      const rules = { stored: stored.slice(prefix.length), wanted }
      throw new UsernameRulesError(path, rules, closeWithoutLog(database))
    }
  }

  function assertAliasFree(user: User): void {
    for (const { attribute, key } of toContactAliases(user)) {
      const other = findOne(findByContactAlias(key), userRow)
      if (other && other.sub !== user.sub) throw new AliasTakenError(attribute)
    }
    for (const { attribute, key } of toFurtherAliases(user)) {
      const other = findOne(statements.userByFurtherAlias.get(key, attribute), userRow)
      if (other && other.sub !== user.sub) throw new AliasTakenError(attribute)
    }
  }

  /** @returns the row of the user who signs in with this address or phone number */
  function findByContactAlias(key: string): unknown {
    const found = statements.userByAlias.get(key)
    if (found !== undefined || contacts.length < 2) return found
    const [, ...further] = contacts
    return further
      .map((attribute) => statements.userByFurtherAlias.get(key, attribute))
      .find((row) => row !== undefined)
  }

  function writeFurtherAliases(user: User): void {
    if (!hasAliasTable) return
    statements.deleteAliases.run(user.sub)
    for (const { attribute, key } of toFurtherAliases(user)) {
      statements.insertAlias.run(key, attribute, user.sub)
    }
  }

  function toUser(row: v.InferOutput<typeof userRow>): User {
    const attributes = statements.attributesOf
      .all(row.sub)
      .map((attribute) => v.parse(attributeRow, attribute))
    return {
      sub: row.sub,
      username: row.username,
      status: row.status,
      enabled: row.enabled === 1,
      saltHex: row.salt_hex,
      verifierHex: row.verifier_hex,
      hasPassword: row.has_password === 1,
      attributes: new Map(attributes.map(({ name, value }) => [name, value])),
      createdAtMs: row.created_at_ms,
      modifiedAtMs: row.modified_at_ms,
      temporaryUntilMs: row.temporary_until_ms ?? undefined,
    }
  }

  function findOne<Schema extends v.GenericSchema>(row: unknown, rowSchema: Schema) {
    return row === undefined ? undefined : v.parse(rowSchema, row)
  }

  /** Rolls back unless SQLite has done so already, as it does after a full disk. */
  function rollBack(sql: string): void {
    if (database.inTransaction) database.exec(sql)
  }

  /** @returns the message's id */
  function insertMessage(message: Omit<StoredMessage, 'id'>): number {
    const { medium, to, subject, text, code, sentAtMs } = message
    const { lastInsertRowid } = statements.insertMessage.run(
      to,
      subject,
      text,
      code,
      sentAtMs,
      medium,
    )
    const id = Number(lastInsertRowid)
    statements.deleteOldMessages.run(id - inboxSize)
    return id
  }

  function writeAttributes(user: User): void {
    statements.deleteAttributes.run(user.sub)
    for (const [name, value] of user.attributes) {
      statements.insertAttribute.run(user.sub, name, value)
    }
  }

  return {
    transaction(change) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = change()
        database.exec('COMMIT')
        return result
      } catch (error) {
        rollBack('ROLLBACK')
        throw error
      }
    },
    savepoint(change) {
      database.exec('SAVEPOINT nested')
      try {
        const result = change()
        database.exec('RELEASE nested')
        return result
      } catch (error) {
        rollBack('ROLLBACK TO nested; RELEASE nested')
        throw error
      }
    },

    findUser(username) {
      const key = toKey(username)
      const hit =
        statements.userByName.get(key, key) ??
        (hasAliasTable ? statements.userByAnyFurtherAlias.get(key) : undefined)
      // Reads a row also for an unknown user name, so that timing does not reveal which users exist.
      const row = findOne(hit ?? statements.anyUser.get(), userRow)
      const user = row && toUser(row)
      return hit === undefined ? undefined : user
    },
    findUserByAlias(address) {
      const row = findOne(findByContactAlias(toKey(address)), userRow)
      return row && toUser(row)
    },
    findUserBySub(sub) {
      const row = findOne(statements.userBySub.get(sub), userRow)
      return row && toUser(row)
    },
    insertUser(user) {
      assertAliasFree(user)
      const inserted = statements.insertUser.run(
        user.sub,
        user.username,
        toKey(user.username),
        user.status,
        user.enabled ? 1 : 0,
        user.saltHex,
        user.verifierHex,
        user.createdAtMs,
        user.modifiedAtMs,
        user.temporaryUntilMs ?? null,
        toAliasKey(user),
        user.hasPassword ? 1 : 0,
      )
      if (inserted.changes === 0) throw new UsernameTakenError()
      writeAttributes(user)
      writeFurtherAliases(user)
    },
    updateUser(user) {
      assertAliasFree(user)
      statements.updateUser.run(
        user.status,
        user.enabled ? 1 : 0,
        user.saltHex,
        user.verifierHex,
        user.modifiedAtMs,
        user.temporaryUntilMs ?? null,
        toAliasKey(user),
        user.hasPassword ? 1 : 0,
        user.sub,
      )
      writeAttributes(user)
      writeFurtherAliases(user)
    },
    deleteUser(sub) {
      statements.deleteUser.run(sub)
      statements.deleteAllCodes.run(sub)
    },
    countUsers: () => v.parse(countRow, statements.countUsers.get()).count,
    listUsers({ limit, after, filter }) {
      const { where, values } = toWhere(filter, toKey)
      return database
        .prepare(
          `SELECT * FROM users WHERE username_key > ? AND ${where} ORDER BY username_key LIMIT ?`,
        )
        .all(after === undefined ? '' : toKey(after), ...values, limit)
        .map((row) => toUser(v.parse(userRow, row)))
    },
    listUsersByName({ limit, after = '', prefix }) {
      const key = areUsernames ? 'alias_key' : 'username_key'
      const from = toKey(prefix)
      return database
        .prepare(
          `SELECT * FROM users WHERE ${key} > ? AND ${key} >= ? AND ${key} < ? ORDER BY ${key} LIMIT ?`,
        )
        .all(toKey(after), from, from + lastCharacter, limit)
        .map((row) => toUser(v.parse(userRow, row)))
    },

    insertGroup(group) {
      const { changes } = statements.insertGroup.run(group.name, ...toGroupValues(group))
      if (changes === 0) throw new GroupTakenError()
    },
    findGroup(name) {
      const row = findOne(statements.group.get(name), groupRow)
      return row && toGroup(row)
    },
    updateGroup(group) {
      statements.updateGroup.run(...toGroupValues(group), group.name)
    },
    deleteGroup(name) {
      statements.deleteGroup.run(name)
    },
    listGroups: ({ limit, after = '' }) =>
      statements.groups.all(after, limit).map((row) => toGroup(v.parse(groupRow, row))),
    addToGroup({ groupName, sub }) {
      statements.addToGroup.run(groupName, sub)
    },
    removeFromGroup({ groupName, sub }) {
      statements.removeFromGroup.run(groupName, sub)
    },
    listGroupsOf: (sub) =>
      statements.groupsOf.all(sub).map((row) => toGroup(v.parse(groupRow, row))),
    listUsersInGroup: (name, { limit, after }) =>
      statements.usersInGroup
        .all(name, after === undefined ? '' : toKey(after), limit)
        .map((row) => toUser(v.parse(userRow, row))),

    saveCode({ sub, purpose, code, address, expiresAtMs }) {
      statements.supersedeCodes.run(sub, purpose)
      statements.insertCode.run(sub, purpose, code, address, expiresAtMs, 0)
    },
    saveDummyCode({ sub, purpose, code, address, expiresAtMs }, message) {
      statements.supersedeCodes.run(sub, purpose)
      statements.insertCode.run(sub, purpose, code, address, expiresAtMs, 1)
      statements.deleteMessage.run(insertMessage(message))
    },
    findCode(sub, purpose) {
      const row = findOne(statements.currentCode.get(sub, purpose), codeRow)
      return (
        row && {
          sub,
          purpose,
          code: row.code,
          address: row.address,
          expiresAtMs: row.expires_at_ms,
        }
      )
    },
    hasUnexpiredCode: (sub, purpose, nowMs) =>
      statements.unexpiredCode.get(sub, purpose, nowMs) !== undefined,
    isSupersededCode: ({ sub, purpose, code }) =>
      statements.supersededCode.get(sub, purpose, code) !== undefined,
    deleteCodes(sub, purpose) {
      statements.deleteCodes.run(sub, purpose)
    },

    findSoftwareToken(sub) {
      const row = findOne(statements.softwareToken.get(sub), softwareTokenRow)
      return (
        row && {
          secret: row.secret ?? undefined,
          pendingSecret: row.pending_secret ?? undefined,
          lastUsedStep: row.last_used_step ?? undefined,
          friendlyDeviceName: row.friendly_device_name ?? undefined,
          enabled: row.enabled === 1,
          preferred: row.preferred === 1,
        }
      )
    },
    saveSoftwareToken(sub, token) {
      statements.saveSoftwareToken.run(
        sub,
        token.secret ?? null,
        token.pendingSecret ?? null,
        token.lastUsedStep ?? null,
        token.friendlyDeviceName ?? null,
        token.enabled ? 1 : 0,
        token.preferred ? 1 : 0,
      )
    },

    insertWebAuthnCredential(credential) {
      const { changes } = statements.insertWebAuthnCredential.run(
        credential.credentialId,
        credential.sub,
        credential.publicKey,
        credential.counter,
        JSON.stringify(credential.transports),
        credential.attachment ?? null,
        credential.backedUp ? 1 : 0,
        credential.relyingPartyId,
        credential.name,
        credential.createdAtMs,
      )
      if (changes === 0) throw new CredentialTakenError()
    },
    findWebAuthnCredential(credentialId) {
      const row = findOne(statements.webAuthnCredential.get(credentialId), webAuthnCredentialRow)
      return row && toWebAuthnCredential(row)
    },
    listWebAuthnCredentialsOf(sub) {
      const hits = statements.webAuthnCredentialsOf.all(sub)
      // Reads a row also for a user without passkeys, so that timing does not reveal which users exist.
      const rows = hits.length > 0 ? hits : statements.anyWebAuthnCredential.all()
      const credentials = rows.map((row) =>
        toWebAuthnCredential(v.parse(webAuthnCredentialRow, row)),
      )
      return hits.length > 0 ? credentials : []
    },
    updateWebAuthnCredential({ credentialId, counter, backedUp }) {
      statements.updateWebAuthnCredential.run(counter, backedUp ? 1 : 0, credentialId)
    },
    deleteWebAuthnCredential: ({ sub, credentialId }) =>
      statements.deleteWebAuthnCredential.run(sub, credentialId).changes === 1,
    hasWebAuthnMfa: (sub) => statements.webAuthnMfa.get(sub) !== undefined,
    saveWebAuthnMfa(sub, enabled) {
      const statement = enabled ? statements.insertWebAuthnMfa : statements.deleteWebAuthnMfa
      statement.run(sub)
    },

    findMessageMfa(sub, factor) {
      const row = findOne(statements.messageMfa.get(sub, factor), messageMfaRow)
      return row && { enabled: row.enabled === 1, preferred: row.preferred === 1 }
    },
    saveMessageMfa(sub, factor, { enabled, preferred }) {
      statements.saveMessageMfa.run(sub, factor, enabled ? 1 : 0, preferred ? 1 : 0)
    },

    listAppClients: () =>
      statements.appClients.all().map((client) => {
        const row = v.parse(appClientRow, client)
        return {
          clientId: row.client_id,
          properties: row.properties ?? undefined,
          template: row.template ?? undefined,
          clientSecret: row.client_secret ?? undefined,
          createdAtMs: row.created_at_ms,
          modifiedAtMs: row.modified_at_ms,
        }
      }),
    saveAppClient(client) {
      statements.saveAppClient.run(
        client.clientId,
        client.properties === undefined ? null : JSON.stringify(client.properties),
        client.template ?? null,
        client.clientSecret ?? null,
        client.createdAtMs,
        client.modifiedAtMs,
      )
    },
    deleteAppClient(clientId) {
      statements.deleteAppClient.run(clientId)
    },

    insertSession(session) {
      statements.insertSession.run(
        session.originJti,
        session.sub,
        session.clientId,
        session.eventId,
        session.signedInAtMs,
        session.expiresAtMs,
        session.revoked ? 1 : 0,
      )
    },
    findSession(originJti) {
      const row = findOne(statements.session.get(originJti), sessionRow)
      return row && toSession(row)
    },
    findSessionByEvent({ sub, eventId }) {
      const row = findOne(statements.sessionByEvent.get(sub, eventId), sessionRow)
      return row && toSession(row)
    },
    listSessionsOf: (sub, limit) =>
      statements.sessionsOf.all(sub, limit).map((row) => toSession(v.parse(sessionRow, row))),
    revokeSession(originJti) {
      statements.revokeSession.run(originJti)
    },
    revokeSessionsOf(sub) {
      statements.revokeSessionsOf.run(sub)
    },
    revokeSessionsOfClient(clientId) {
      statements.revokeSessionsOfClient.run(clientId)
    },
    insertRefreshToken(token) {
      statements.insertRefreshToken.run(token.hash, token.originJti, token.replacedAtMs ?? null)
    },
    findRefreshToken(hash) {
      const row = findOne(statements.refreshToken.get(hash), refreshTokenRow)
      return (
        row && {
          hash: row.hash,
          originJti: row.origin_jti,
          replacedAtMs: row.replaced_at_ms ?? undefined,
        }
      )
    },
    markReplaced(hash, atMs) {
      statements.markReplaced.run(atMs, hash)
    },

    consumeChallenge: ({ nonce, expiresAtMs }) =>
      statements.consumeChallenge.run(nonce, expiresAtMs).changes === 1,
    isChallengeConsumed: (nonce) => statements.consumedChallenge.get(nonce) !== undefined,
    deleteExpired(nowMs) {
      statements.deleteExpiredChallenges.run(nowMs)
      statements.deleteExpiredSessions.run(nowMs - expiredSessionsKeptMs)
      statements.deleteExpiredCodes.run(nowMs)
      statements.deleteOldRateCounters.run(nowMs - rateCountersKeptMs)
    },

    findRateCounter({ subject, kind }) {
      const row = findOne(statements.rateCounter.get(subject, kind), rateCounterRow)
      return row && { subject, kind, count: row.count, atMs: row.at_ms }
    },
    saveRateCounter({ subject, kind, count, atMs }) {
      statements.saveRateCounter.run(subject, kind, count, atMs)
    },
    deleteRateCounter({ subject, kind }) {
      statements.deleteRateCounter.run(subject, kind)
    },

    insertMessage(message) {
      insertMessage(message)
    },
    insertDummyMessage(message) {
      statements.deleteMessage.run(insertMessage(message))
    },
    listMessages: (limit) =>
      statements.messages.all(limit).map((message) => {
        const row = v.parse(messageRow, message)
        return {
          id: row.id,
          medium: row.medium,
          to: row.recipient,
          subject: row.subject,
          text: row.body,
          code: row.code,
          sentAtMs: row.sent_at_ms,
        }
      }),

    clear() {
      // Rows point to each other across tables.
      database.exec('PRAGMA defer_foreign_keys = ON')
      for (const row of statements.tables.all()) {
        database.exec(`DELETE FROM ${v.parse(tableRow, row).name}`)
      }
      for (const name of Object.values(storedNames)) statements.deleteSecret.run(name)
    },
    backUp(path) {
      backUp(database, path)
    },

    readSecret: (name) => findOne(statements.secret.get(name), secretRow)?.value,
    writeSecret(name, value) {
      statements.writeSecret.run(name, value)
    },

    close() {
      database.close()
    },
  }
}

function toGroup(row: v.InferOutput<typeof groupRow>): UserGroup {
  return {
    name: row.name,
    description: row.description ?? undefined,
    roleArn: row.role_arn ?? undefined,
    precedence: row.precedence ?? undefined,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  }
}

/** @returns the columns after the name */
function toGroupValues(group: UserGroup): readonly (string | number | null)[] {
  const { description, roleArn, precedence, createdAtMs, modifiedAtMs } = group
  return [description ?? null, roleArn ?? null, precedence ?? null, createdAtMs, modifiedAtMs]
}

function toSession(row: v.InferOutput<typeof sessionRow>): Session {
  return {
    originJti: row.origin_jti,
    sub: row.sub,
    clientId: row.client_id,
    eventId: row.event_id,
    signedInAtMs: row.signed_in_at_ms,
    expiresAtMs: row.expires_at_ms,
    revoked: row.revoked === 1,
  }
}

function toWebAuthnCredential(
  row: v.InferOutput<typeof webAuthnCredentialRow>,
): WebAuthnCredential {
  return {
    credentialId: row.credential_id,
    sub: row.sub,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports,
    attachment: row.attachment ?? undefined,
    backedUp: row.backed_up === 1,
    relyingPartyId: row.relying_party_id,
    name: row.name,
    createdAtMs: row.created_at_ms,
  }
}

function prepareStatements(database: Database.Database) {
  const prepare = (sql: string) => database.prepare(sql)
  return {
    // A user name takes precedence over another user's alias.
    userByName: prepare(
      `SELECT * FROM (SELECT 0 AS rank, * FROM users WHERE username_key = ?
       UNION ALL SELECT 1, * FROM users WHERE alias_key = ?) ORDER BY rank LIMIT 1`,
    ),
    anyUser: prepare('SELECT * FROM users LIMIT 1'),
    userByAlias: prepare('SELECT * FROM users WHERE alias_key = ?'),
    userByFurtherAlias: prepare(
      'SELECT users.* FROM aliases JOIN users USING (sub) WHERE key = ? AND attribute = ?',
    ),
    // A contact, which is verified, takes precedence over a preferred_username.
    userByAnyFurtherAlias: prepare(
      `SELECT users.* FROM aliases JOIN users USING (sub) WHERE key = ?
       ORDER BY attribute = 'preferred_username' LIMIT 1`,
    ),
    insertAlias: prepare('INSERT INTO aliases VALUES (?, ?, ?)'),
    deleteAliases: prepare('DELETE FROM aliases WHERE sub = ?'),
    userBySub: prepare('SELECT * FROM users WHERE sub = ?'),
    insertUser: prepare(
      'INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (username_key) DO NOTHING',
    ),
    updateUser: prepare(
      'UPDATE users SET status = ?, enabled = ?, salt_hex = ?, verifier_hex = ?, modified_at_ms = ?, temporary_until_ms = ?, alias_key = ?, has_password = ? WHERE sub = ?',
    ),
    deleteUser: prepare('DELETE FROM users WHERE sub = ?'),
    countUsers: prepare('SELECT count(*) AS count FROM users'),
    attributesOf: prepare('SELECT name, value FROM user_attributes WHERE sub = ?'),
    insertAttribute: prepare('INSERT INTO user_attributes VALUES (?, ?, ?)'),
    deleteAttributes: prepare('DELETE FROM user_attributes WHERE sub = ?'),
    insertGroup: prepare(
      'INSERT INTO user_groups VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
    ),
    group: prepare('SELECT * FROM user_groups WHERE name = ?'),
    updateGroup: prepare(
      'UPDATE user_groups SET description = ?, role_arn = ?, precedence = ?, created_at_ms = ?, modified_at_ms = ? WHERE name = ?',
    ),
    deleteGroup: prepare('DELETE FROM user_groups WHERE name = ?'),
    groups: prepare('SELECT * FROM user_groups WHERE name > ? ORDER BY name LIMIT ?'),
    addToGroup: prepare('INSERT OR IGNORE INTO group_members VALUES (?, ?)'),
    removeFromGroup: prepare('DELETE FROM group_members WHERE group_name = ? AND sub = ?'),
    groupsOf: prepare(
      `SELECT user_groups.* FROM group_members JOIN user_groups ON name = group_name
       WHERE sub = ? ORDER BY precedence IS NULL, precedence, name`,
    ),
    usersInGroup: prepare(
      `SELECT users.* FROM group_members JOIN users USING (sub)
       WHERE group_name = ? AND username_key > ? ORDER BY username_key LIMIT ?`,
    ),
    supersedeCodes: prepare('UPDATE codes SET superseded = 1 WHERE sub = ? AND purpose = ?'),
    insertCode: prepare('INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?, ?, ?)'),
    currentCode: prepare(
      'SELECT code, address, expires_at_ms FROM codes WHERE sub = ? AND purpose = ? AND superseded = 0',
    ),
    unexpiredCode: prepare(
      'SELECT 1 FROM codes WHERE sub = ? AND purpose = ? AND expires_at_ms > ?',
    ),
    supersededCode: prepare(
      'SELECT 1 FROM codes WHERE sub = ? AND purpose = ? AND code = ? AND superseded = 1',
    ),
    deleteAllCodes: prepare('DELETE FROM codes WHERE sub = ?'),
    deleteCodes: prepare('DELETE FROM codes WHERE sub = ? AND purpose = ?'),
    softwareToken: prepare('SELECT * FROM software_tokens WHERE sub = ?'),
    saveSoftwareToken: prepare(
      'INSERT OR REPLACE INTO software_tokens VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    insertWebAuthnCredential: prepare(
      'INSERT INTO webauthn_credentials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    webAuthnCredential: prepare('SELECT * FROM webauthn_credentials WHERE credential_id = ?'),
    webAuthnCredentialsOf: prepare(
      'SELECT * FROM webauthn_credentials WHERE sub = ? ORDER BY created_at_ms, credential_id',
    ),
    anyWebAuthnCredential: prepare('SELECT * FROM webauthn_credentials LIMIT 1'),
    updateWebAuthnCredential: prepare(
      'UPDATE webauthn_credentials SET counter = ?, backed_up = ? WHERE credential_id = ?',
    ),
    deleteWebAuthnCredential: prepare(
      'DELETE FROM webauthn_credentials WHERE sub = ? AND credential_id = ?',
    ),
    webAuthnMfa: prepare('SELECT 1 FROM webauthn_mfa WHERE sub = ?'),
    insertWebAuthnMfa: prepare('INSERT OR IGNORE INTO webauthn_mfa VALUES (?)'),
    deleteWebAuthnMfa: prepare('DELETE FROM webauthn_mfa WHERE sub = ?'),
    messageMfa: prepare('SELECT enabled, preferred FROM message_mfa WHERE sub = ? AND factor = ?'),
    saveMessageMfa: prepare('INSERT OR REPLACE INTO message_mfa VALUES (?, ?, ?, ?)'),
    appClients: prepare('SELECT * FROM app_clients ORDER BY created_at_ms, client_id'),
    saveAppClient: prepare('INSERT OR REPLACE INTO app_clients VALUES (?, ?, ?, ?, ?, ?)'),
    deleteAppClient: prepare('DELETE FROM app_clients WHERE client_id = ?'),
    insertSession: prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)'),
    session: prepare('SELECT * FROM sessions WHERE origin_jti = ?'),
    sessionByEvent: prepare('SELECT * FROM sessions WHERE sub = ? AND event_id = ?'),
    sessionsOf: prepare(
      'SELECT * FROM sessions WHERE sub = ? ORDER BY signed_in_at_ms DESC LIMIT ?',
    ),
    revokeSession: prepare('UPDATE sessions SET revoked = 1 WHERE origin_jti = ?'),
    revokeSessionsOf: prepare('UPDATE sessions SET revoked = 1 WHERE sub = ?'),
    revokeSessionsOfClient: prepare('UPDATE sessions SET revoked = 1 WHERE client_id = ?'),
    insertRefreshToken: prepare('INSERT INTO refresh_tokens VALUES (?, ?, ?)'),
    refreshToken: prepare('SELECT * FROM refresh_tokens WHERE hash = ?'),
    markReplaced: prepare('UPDATE refresh_tokens SET replaced_at_ms = ? WHERE hash = ?'),
    consumeChallenge: prepare('INSERT OR IGNORE INTO spent_challenges VALUES (?, ?)'),
    consumedChallenge: prepare('SELECT 1 FROM spent_challenges WHERE nonce = ?'),
    deleteExpiredChallenges: prepare('DELETE FROM spent_challenges WHERE expires_at_ms < ?'),
    deleteExpiredSessions: prepare('DELETE FROM sessions WHERE expires_at_ms < ?'),
    deleteExpiredCodes: prepare('DELETE FROM codes WHERE expires_at_ms < ? AND superseded = 1'),
    deleteOldRateCounters: prepare('DELETE FROM tallies WHERE at_ms < ?'),
    rateCounter: prepare('SELECT * FROM tallies WHERE subject = ? AND kind = ?'),
    saveRateCounter: prepare('INSERT OR REPLACE INTO tallies VALUES (?, ?, ?, ?)'),
    deleteRateCounter: prepare('DELETE FROM tallies WHERE subject = ? AND kind = ?'),
    insertMessage: prepare(
      'INSERT INTO messages (recipient, subject, body, code, sent_at_ms, medium) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    deleteMessage: prepare('DELETE FROM messages WHERE id = ?'),
    deleteOldMessages: prepare('DELETE FROM messages WHERE id <= ?'),
    messages: prepare('SELECT * FROM messages ORDER BY id DESC LIMIT ?'),
    secret: prepare('SELECT value FROM secrets WHERE name = ?'),
    writeSecret: prepare('INSERT OR REPLACE INTO secrets VALUES (?, ?)'),
    deleteSecret: prepare('DELETE FROM secrets WHERE name = ?'),
    tables: prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'secrets'",
    ),
  }
}

/** @returns the value as the store compares it: a user's status in any case, as in AWS */
function toCompared({ name, value }: UserFilter, toKey: (username: string) => string): string {
  if (name === 'username') return toKey(value)
  return name === 'cognito:user_status' ? value.toUpperCase() : value
}

function toWhere(
  filter: UserFilter | undefined,
  toKey: (username: string) => string,
): { where: string; values: readonly (string | number)[] } {
  if (!filter) return { where: '1 = 1', values: [] }
  const value = toCompared(filter, toKey)
  const values = filter.match === 'equals' ? [value] : [value, value + lastCharacter]
  const compare = (column: string) =>
    filter.match === 'equals' ? `${column} = ?` : `${column} >= ? AND ${column} < ?`
  switch (filter.name) {
    case 'username':
      return { where: compare('username_key'), values }
    case 'sub':
      return { where: compare('users.sub'), values }
    case 'cognito:user_status':
      return { where: compare('status'), values }
    case 'status':
      return { where: compare("iif(enabled, 'Enabled', 'Disabled')"), values }
    default:
      return {
        where: `sub IN (SELECT sub FROM user_attributes WHERE name = ? AND ${compare('value')})`,
        values: [filter.name, ...values],
      }
  }
}
