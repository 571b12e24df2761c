/** Changes attributes of a user, and sends the codes for a new email address or phone number. */

import {
  type AttributeMember,
  type RequestedAttribute,
  toAttributeMembers,
  toChangedAttributes,
  type Writer,
} from './attributes.ts'
import { attributePurposeOf, type CodeDeliveryDetails, sendCode } from './codes.ts'
import { CognitoError } from './cognito-error.ts'
import { type Contact, verificationFlagOf } from './contacts.ts'
import type { OperationContext } from './context.ts'
import { type ContactAttribute, contactAttributes, usernameModels } from './settings.ts'
import type { User } from './store/store.ts'
import { releaseAliases, updateUser } from './users.ts'

/**
 * A new email address or phone number takes effect at once, unverified; or, where the pool verifies it before the update
 * (`AttributesRequireVerificationBeforeUpdate`), once its code is confirmed. An IAM caller can set `email_verified` and
 * `phone_number_verified` in the same request; in a pool with aliases that moves the alias of another user.
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
  const { contacts, areUsernames } = usernameModels[settings.usernameModel]
  const movesAliases = writer === 'iam' && !areUsernames
  const toVerify: Contact[] = []
  for (const attribute of contactAttributes) {
    const change = findContactChange(attribute, { user, changed, members }, context)
    if (!change) continue
    const { contact, isVerified, isPending } = change
    if (!movesAliases && contacts.includes(attribute)) assertAvailable(contact, user, context)
    const flag = verificationFlagOf[attribute]
    if (isPending) keepCurrent([attribute, flag], changed, user)
    else changed.set(flag, isVerified ? 'true' : 'false')
    const isAsked = isPending || settings.autoVerifiedAttributes.has(attribute)
    if (isAsked && !isVerified) toVerify.push(contact)
  }
  const next: User = { ...user, attributes: changed, modifiedAtMs: clock.nowMs() }
  if (movesAliases) releaseAliases(next, context)
  updateUser(next, context)
  // A code may be pending for an address that this request replaces or deletes.
  for (const attribute of contactAttributes) {
    const isAsked = toVerify.some((contact) => contact.attribute === attribute)
    if (!isAsked && members.some(({ Name }) => Name === attribute)) {
      store.deleteCodes(user.sub, attributePurposeOf[attribute])
    }
  }
  return toVerify.map((contact) =>
    sendCode(
      {
        user: next,
        purpose: attributePurposeOf[contact.attribute],
        contact,
        source: 'CustomMessage_UpdateUserAttribute',
      },
      context,
    ),
  )
}

interface Change {
  readonly user: User
  readonly changed: ReadonlyMap<string, string>
  readonly members: readonly AttributeMember[]
}

/** @returns `undefined` when the user has the same address as before, or none */
function findContactChange(
  attribute: ContactAttribute,
  { user, changed, members }: Change,
  { settings }: OperationContext,
) {
  const address = changed.get(attribute)
  if (address === undefined || address === user.attributes.get(attribute)) return undefined
  const isVerified = members.some(
    ({ Name, Value }) => Name === verificationFlagOf[attribute] && Value === 'true',
  )
  const isPending = !isVerified && settings.verifiedBeforeUpdate.has(attribute)
  return { contact: { attribute, address }, isVerified, isPending }
}

function keepCurrent(names: readonly string[], changed: Map<string, string>, user: User): void {
  for (const name of names) {
    const current = user.attributes.get(name)
    if (current === undefined) changed.delete(name)
    else changed.set(name, current)
  }
}

function assertAvailable(
  { attribute, address }: Contact,
  user: User,
  { store }: OperationContext,
): void {
  const other = store.findUserByAlias(address)
  if (other && other.sub !== user.sub) {
    throw new CognitoError(
      'AliasExistsException',
      `An account with the given ${attribute} already exists.`,
    )
  }
}
