/** Changing a user's attributes, and what a new e-mail address sets off. */

import { type AttributeMember, toChangedAttributes, type Writer } from './attributes.ts'
import { type CodeDeliveryDetails, sendCode } from './codes.ts'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './operations/operation.ts'
import type { User } from './store/store.ts'
import { updateUser } from './users.ts'

/**
 * Where the pool verifies an address before it counts, a new one waits for its code and the old one
 * stays; else it counts at once, unverified. The owner may vouch for it in the same call.
 *
 * @returns where codes were sent
 * @throws {CognitoError} AliasExistsException, and all that is wrong with attributes
 */
export function changeAttributes(
  user: User,
  members: readonly AttributeMember[],
  writer: Writer,
  context: OperationContext,
): readonly CodeDeliveryDetails[] {
  const { settings, store, clock } = context
  const changed = new Map(toChangedAttributes(user, members, writer, settings))
  const old = user.attributes.get('email')
  const email = changed.get('email')
  const isNew = email !== undefined && email !== old
  const isVouched = members.some(({ Name, Value }) => Name === 'email_verified' && Value === 'true')
  const phone = changed.get('phone_number')
  const isNewPhone = phone !== undefined && phone !== user.attributes.get('phone_number')
  if (isNewPhone && !members.some(({ Name }) => Name === 'phone_number_verified')) {
    changed.set('phone_number_verified', 'false')
  }
  const isPending = isNew && !isVouched && settings.verifiesEmailBeforeUpdate
  if (isNew) assertFree(email, user, context)
  if (isPending) {
    for (const name of ['email', 'email_verified']) {
      const kept = user.attributes.get(name)
      if (kept === undefined) changed.delete(name)
      else changed.set(name, kept)
    }
  } else if (isNew) {
    changed.set('email_verified', isVouched ? 'true' : 'false')
  }
  updateUser({ ...user, attributes: changed, modifiedAtMs: clock.nowMs() }, context)
  if (isPending || (isNew && !isVouched && settings.autoVerifiesEmail)) {
    return [sendCode({ user, purpose: 'attribute', email }, context)]
  }
  // A code for an address that is not to be the user's proves nothing.
  if (members.some(({ Name }) => Name === 'email')) store.deleteCodes(user.sub, 'attribute')
  return []
}

function assertFree(email: string, user: User, { store }: OperationContext): void {
  const owner = store.findUserByAlias(email)
  if (owner && owner.sub !== user.sub) {
    throw new CognitoError(
      'AliasExistsException',
      'An account with the given email already exists.',
    )
  }
}
