/** What the console and `startUserPool` tell programs: messages and users as plain objects. */

import type { InboxMessage } from '../inbox-message.ts'
import type { Store, StoredMessage, User } from '../user-pool/store/store.ts'
import { signInName } from '../user-pool/users.ts'
import { toPlainText } from './email-html.ts'

export function toMessage(message: StoredMessage): InboxMessage {
  const { id, medium, to, subject, text, code, sentAtMs } = message
  return {
    id,
    to,
    subject,
    text: medium === 'SMS' ? text : toPlainText(text),
    code,
    sentAt: new Date(sentAtMs).toISOString(),
    medium,
  }
}

export function toUserJson(user: User, { listGroupsOf }: Store) {
  return {
    sub: user.sub,
    username: user.username,
    signInName: signInName(user),
    status: user.status,
    enabled: user.enabled,
    attributes: Object.fromEntries(user.attributes),
    groups: listGroupsOf(user.sub).map(({ name }) => name),
    createdAt: new Date(user.createdAtMs).toISOString(),
    modifiedAt: new Date(user.modifiedAtMs).toISOString(),
  }
}
