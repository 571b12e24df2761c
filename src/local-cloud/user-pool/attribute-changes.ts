/** Changes attributes of a user, and sends the code for a new email address. */

import {
  type RequestedAttribute,
  toAttributeMembers,
  toChangedAttributes,
  type Writer,
} from './attributes.ts'
import { type CodeDeliveryDetails, sendCode } from './codes.ts'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import type { User } from './store/store.ts'
import { releaseAlias, updateUser } from './users.ts'

/**
 * A new email address takes effect at once, unverified; or, where the pool verifies it before the update
 * (`AttributesRequireVerificationBeforeUpdate`), once its code is confirmed. An IAM caller can set
 * `email_verified` in the same request; in a pool with email aliases that moves the alias of another user.
 *
 * @returns the deliveries of codes
 * @throws {CognitoError} AliasExistsException, and those of `toChangedAttributes`
 */
export function changeAttributes(
  user: User,
  requested: readonly RequestedAttribute[],
  writer: Writer,
  context: OperationContext,
): readonly CodeDeliveryDetails[] {
  const { settings, store, clock } = context
  const members = toAttributeMembers(requested, settings)
  const changed = new Map(toChangedAttributes(user, members, writer, settings))
  const old = user.attributes.get('email')
  const email = changed.get('email')
  const isNew = email !== undefined && email !== old
  const isVerifiedInRequest = members.some(
    ({ Name, Value }) => Name === 'email_verified' && Value === 'true',
  )
  const phone = changed.get('phone_number')
  const isNewPhone = phone !== undefined && phone !== user.attributes.get('phone_number')
  if (isNewPhone && !members.some(({ Name }) => Name === 'phone_number_verified')) {
    changed.set('phone_number_verified', 'false')
  }
  const isPending = isNew && !isVerifiedInRequest && settings.verifiesEmailBeforeUpdate
  const movesAlias = writer === 'iam' && settings.usernameModel === 'email-alias'
  if (isNew && !movesAlias) assertEmailAvailable(email, user, context)
  if (isPending) {
    for (const name of ['email', 'email_verified']) {
      const current = user.attributes.get(name)
      if (current === undefined) changed.delete(name)
      else changed.set(name, current)
    }
  } else if (isNew) {
    changed.set('email_verified', isVerifiedInRequest ? 'true' : 'false')
  }
  const next: User = { ...user, attributes: changed, modifiedAtMs: clock.nowMs() }
  if (movesAlias) releaseAlias(next, context)
  updateUser(next, context)
  if (isPending || (isNew && !isVerifiedInRequest && settings.autoVerifiesEmail)) {
    return [
      sendCode(
        { user: next, purpose: 'attribute', email, message: 'CustomMessage_UpdateUserAttribute' },
        context,
      ),
    ]
  }
  // A code may be pending for an address that this request replaces or deletes.
  if (members.some(({ Name }) => Name === 'email')) store.deleteCodes(user.sub, 'attribute')
  return []
}

function assertEmailAvailable(email: string, user: User, { store }: OperationContext): void {
  const other = store.findUserByAlias(email)
  if (other && other.sub !== user.sub) {
    throw new CognitoError(
      'AliasExistsException',
      'An account with the given email already exists.',
    )
  }
}
