/**
 * Format of the user pool's store. Times are milliseconds since the Unix epoch; booleans are 0 and 1. In the code
 * `tallies` are rate counters and `spent_challenges` consumed challenges.
 */

export const applicationId = 0x57527964

export const migrations: readonly string[] = [
  `
CREATE TABLE users (
  sub TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  -- the user name as it is compared: folded where the pool ignores case
  username_key TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  salt_hex TEXT NOT NULL,
  verifier_hex TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  modified_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE user_attributes (
  sub TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (sub, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_attributes_by_value ON user_attributes (name, value);

CREATE TABLE codes (
  sub TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  code TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  superseded INTEGER NOT NULL,
  PRIMARY KEY (sub, purpose, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX codes_by_expiry ON codes (expires_at_ms);

CREATE TABLE sessions (
  origin_jti TEXT PRIMARY KEY,
  sub TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  signed_in_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (sub);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

CREATE TABLE refresh_tokens (
  hash TEXT PRIMARY KEY,
  origin_jti TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  replaced_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (origin_jti);

CREATE TABLE spent_challenges (
  nonce TEXT PRIMARY KEY,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_challenges_by_expiry ON spent_challenges (expires_at_ms);

CREATE TABLE letters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  code TEXT NOT NULL,
  sent_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
  `
-- the end of a temporary password's life; NULL for a password its user chose
ALTER TABLE users ADD COLUMN temporary_until_ms INTEGER;
-- the e-mail address as it is compared, while it may be used in place of the user name
ALTER TABLE users ADD COLUMN alias_key TEXT;
CREATE UNIQUE INDEX users_by_alias ON users (alias_key);

-- with the address a code was sent to, which it proves; sub may be a simulated one, see saveDummyCode
CREATE TABLE addressed_codes (
  sub TEXT NOT NULL,
  purpose TEXT NOT NULL,
  code TEXT NOT NULL,
  address TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  superseded INTEGER NOT NULL,
  PRIMARY KEY (sub, purpose, code)
) STRICT, WITHOUT ROWID;
INSERT INTO addressed_codes SELECT sub, purpose, code, coalesce(
  (SELECT value FROM user_attributes WHERE sub = codes.sub AND name = 'email'), ''),
  expires_at_ms, superseded FROM codes;
DROP TABLE codes;
ALTER TABLE addressed_codes RENAME TO codes;
CREATE INDEX codes_by_expiry ON codes (expires_at_ms);

CREATE TABLE software_tokens (
  sub TEXT PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  secret TEXT,
  pending_secret TEXT,
  last_used_step INTEGER,
  friendly_device_name TEXT,
  enabled INTEGER NOT NULL,
  preferred INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- what is counted against a limit: failed sign-ins, calls of an hour
CREATE TABLE tallies (
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (subject, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX tallies_by_time ON tallies (at_ms);
`,
  `
ALTER TABLE letters RENAME TO emails;
`,
  `
-- 0: the user signs in without a password; salt and verifier are of a password that nobody knows
ALTER TABLE users ADD COLUMN has_password INTEGER NOT NULL DEFAULT 1;

-- MFA by email: whether sign-in asks for it
CREATE TABLE email_mfa (
  sub TEXT PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  enabled INTEGER NOT NULL,
  preferred INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  `
-- passkeys; the id is base64url, the public key COSE in base64url, the transports a JSON list
CREATE TABLE webauthn_credentials (
  credential_id TEXT PRIMARY KEY,
  sub TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  public_key TEXT NOT NULL,
  counter INTEGER NOT NULL,
  transports TEXT NOT NULL,
  attachment TEXT,
  backed_up INTEGER NOT NULL,
  relying_party_id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX webauthn_credentials_by_user ON webauthn_credentials (sub, created_at_ms);

-- users whose passkey counts as MFA
CREATE TABLE webauthn_mfa (
  sub TEXT PRIMARY KEY REFERENCES users ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
`,
  `
-- groups of users; without a precedence a group comes after all that have one
CREATE TABLE user_groups (
  name TEXT PRIMARY KEY,
  description TEXT,
  role_arn TEXT,
  precedence INTEGER,
  created_at_ms INTEGER NOT NULL,
  modified_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE group_members (
  group_name TEXT NOT NULL REFERENCES user_groups ON DELETE CASCADE,
  sub TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  PRIMARY KEY (group_name, sub)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (sub);
`,
  `
-- preferred_username as it is compared, in a pool where it signs in
CREATE TABLE preferred_usernames (
  key TEXT PRIMARY KEY,
  sub TEXT NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
`,
  `
-- app clients that were made, changed or deleted at run time
CREATE TABLE app_clients (
  client_id TEXT PRIMARY KEY,
  -- JSON, as CreateUserPoolClient and UpdateUserPoolClient take them; NULL for a deleted client of the template
  properties TEXT,
  -- of a client of the template: what the template said when it was changed or deleted
  template TEXT,
  client_secret TEXT,
  created_at_ms INTEGER NOT NULL,
  modified_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  `
-- in a pool that sends SMS too: how each message went
ALTER TABLE emails ADD COLUMN medium TEXT NOT NULL DEFAULT 'EMAIL';
ALTER TABLE emails RENAME TO messages;

-- what signs a user in beside their username_key and alias_key, as it is compared
CREATE TABLE aliases (
  key TEXT NOT NULL,
  attribute TEXT NOT NULL,
  sub TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  PRIMARY KEY (key, attribute),
  UNIQUE (sub, attribute)
) STRICT, WITHOUT ROWID;
INSERT INTO aliases SELECT key, 'preferred_username', sub FROM preferred_usernames;
DROP TABLE preferred_usernames;

-- MFA by a message, EMAIL_OTP or SMS_MFA: whether sign-in asks for it
CREATE TABLE message_mfa (
  sub TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  factor TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  preferred INTEGER NOT NULL,
  PRIMARY KEY (sub, factor)
) STRICT, WITHOUT ROWID;
INSERT INTO message_mfa SELECT sub, 'EMAIL_OTP', enabled, preferred FROM email_mfa;
DROP TABLE email_mfa;
`,
]
