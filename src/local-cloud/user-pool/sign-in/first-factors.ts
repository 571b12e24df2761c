/**
 * The first factors of choice-based sign-in. To add one: its object, its place in `firstFactors`, and the response to
 * its challenge in `auth-challenges.ts`.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
 */

import { type CognitoError, CommittedError } from '../cognito-error.ts'
import { isVerified } from '../contacts.ts'
import type { JsonObject, OperationContext, Reply } from '../context.ts'
import { findActiveMfaFactors } from '../mfa.ts'
import type { ContactAttribute, FirstAuthFactor } from '../settings.ts'
import {
  type AskedUser,
  acceptAssertion,
  createRequestOptions,
  findPasskeys,
  isPasskeyEnough,
  type VerifiedAssertion,
} from '../webauthn/authentication.ts'
import { type AuthSession, createAuthSession, type FirstFactorChallenge } from './auth-session.ts'
import { continueSignIn, finishSignIn } from './continue-sign-in.ts'
import { hashAddress, sendOtp } from './otp.ts'
import { createPasswordChallenge, verifyPassword } from './password-verifier.ts'

/** Somebody who wants to sign in by a first factor: a user who can, or a simulated one in place of anybody else. */
export interface FirstFactorRequest extends AskedUser {
  readonly clientId: string
  /** AuthParameters or ChallengeResponses: they may have the factor's first fields */
  readonly parameters: Readonly<Record<string, string>>
  /** what a passkey has signed, verified; `undefined` for a request without CREDENTIAL */
  readonly assertion?: VerifiedAssertion | CognitoError | undefined
}

export interface FirstFactor {
  /** in PREFERRED_CHALLENGE, AvailableChallenges and ANSWER */
  readonly name: 'PASSWORD_SRP' | 'PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN'
  /** in AllowedFirstAuthFactors and ConfiguredUserAuthFactors */
  readonly setting: FirstAuthFactor
  /** Whether the user can sign in with it. It reads as much of the store for a simulated user. */
  isSetUp(asked: AskedUser, context: OperationContext): boolean
  /** What SELECT_CHALLENGE has for a client that sends the factor's fields with its choice. */
  offer?(asked: AskedUser, context: OperationContext): Offer
  /**
   * @param selection state of SELECT_CHALLENGE, where the factor was chosen in response to it
   * @returns its challenge; or what comes after it, where the parameters have all that it asks for
   */
  start(request: FirstFactorRequest, context: OperationContext, selection?: AuthSession): Reply
}

/** Parts of a challenge. */
interface Offer {
  readonly session: Pick<AuthSession, 'webAuthnChallenge'>
  readonly parameters: JsonObject
}

const passwordSrp: FirstFactor = {
  name: 'PASSWORD_SRP',
  setting: 'PASSWORD',
  isSetUp: ({ user }) => user.hasPassword,
  start(request, context) {
    const { username, clientId, parameters } = request
    const srpA = parameters.SRP_A ?? ''
    if (srpA === '') return createChallenge('PASSWORD_SRP', request, context)
    return createPasswordChallenge({ username, srpA, clientId, choiceBased: true }, context)
  },
}

const password: FirstFactor = {
  name: 'PASSWORD',
  setting: 'PASSWORD',
  isSetUp: ({ user }) => user.hasPassword,
  start(request, context) {
    const { username, clientId, parameters } = request
    const typed = parameters.PASSWORD ?? ''
    if (typed === '') return createChallenge('PASSWORD', request, context)
    const user = verifyPassword({ username, password: typed, choiceBased: true }, context)
    if (user instanceof CommittedError) return user
    return continueSignIn({ user, clientId }, context)
  },
}

/** Not for users with a second factor on: on AWS the two do not go together. */
function createOtpFactor(name: 'EMAIL_OTP' | 'SMS_OTP', attribute: ContactAttribute): FirstFactor {
  return {
    name,
    setting: name,
    isSetUp({ user }, context) {
      const hasMfa = findActiveMfaFactors(user, context).length > 0
      return !hasMfa && isVerified(user, attribute) && user.status === 'CONFIRMED'
    },
    start(request, context) {
      const { user, isSimulated } = request
      const address = user.attributes.get(attribute) ?? ''
      const contact = { attribute, address }
      const sent = sendOtp(
        { contact, user: isSimulated ? undefined : user, factor: 'first' },
        context,
      )
      return {
        ...createChallenge(name, request, context, {
          code: sent.code,
          addressHash: hashAddress(address),
        }),
        ChallengeParameters: sent.parameters,
      }
    },
  }
}

const emailOtp = createOtpFactor('EMAIL_OTP', 'email')
const smsOtp = createOtpFactor('SMS_OTP', 'phone_number')

export const webAuthn: FirstFactor = {
  name: 'WEB_AUTHN',
  setting: 'WEB_AUTHN',
  isSetUp(asked, context) {
    const passkeys = findPasskeys(asked, context)
    const isEnough = isPasskeyEnough(asked.user, context)
    return passkeys.length > 0 && isEnough && asked.user.status === 'CONFIRMED'
  },
  offer(asked, context) {
    const { challenge, options } = createRequestOptions(findPasskeys(asked, context), context)
    return {
      session: { webAuthnChallenge: challenge },
      parameters: { CREDENTIAL_REQUEST_OPTIONS: options },
    }
  },
  start(request, context, selection) {
    const { user, clientId, assertion } = request
    if (assertion && selection) {
      acceptAssertion(assertion, { user, challenge: selection.webAuthnChallenge }, context)
      return finishSignIn({ user, clientId }, context)
    }
    const { challenge, options } = createRequestOptions(findPasskeys(request, context), context)
    return {
      ...createChallenge('WEB_AUTHN', request, context, { webAuthnChallenge: challenge }),
      ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: options },
    }
  },
}

/** In the order of AvailableChallenges. */
export const firstFactors: readonly FirstFactor[] = [
  passwordSrp,
  password,
  emailOtp,
  smsOtp,
  webAuthn,
]

/** @returns the factors that the pool allows and the user has */
export function findFirstFactors(
  asked: AskedUser,
  context: OperationContext,
): readonly FirstFactor[] {
  const allowed = context.settings.firstAuthFactors
  return firstFactors.filter(
    (factor) => allowed.has(factor.setting) && factor.isSetUp(asked, context),
  )
}

/** @param beside what the Session has beside */
function createChallenge(
  challenge: FirstFactorChallenge,
  { user, clientId }: FirstFactorRequest,
  context: OperationContext,
  beside: Pick<AuthSession, 'code' | 'addressHash' | 'webAuthnChallenge'> = {},
): JsonObject {
  return {
    ChallengeName: challenge,
    Session: createAuthSession({ challenge, sub: user.sub, clientId, ...beside }, context),
    ChallengeParameters: {},
  }
}
