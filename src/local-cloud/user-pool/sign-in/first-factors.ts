/**
 * The first factors of choice-based sign-in. To add one: its object, its place in `firstFactors`, and the response to
 * its challenge in `auth-challenges.ts`.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
 */

import { CommittedError } from '../cognito-error.ts'
import type { JsonObject, OperationContext, Reply } from '../context.ts'
import { findActiveMfaFactors } from '../mfa.ts'
import type { FirstAuthFactor } from '../settings.ts'
import type { User } from '../store/store.ts'
import { createAuthSession, type FirstFactorChallenge } from './auth-session.ts'
import { continueSignIn } from './continue-sign-in.ts'
import { hashAddress, sendEmailOtp } from './email-otp.ts'
import { createPasswordChallenge, verifyPassword } from './password-verifier.ts'

/** Somebody who wants to sign in by a first factor. */
export interface FirstFactorRequest {
  readonly username: string
  readonly clientId: string
  /** AuthParameters or ChallengeResponses: they may have the factor's first fields */
  readonly parameters: Readonly<Record<string, string>>
  /** who is asked: a user who can sign in, or a simulated one in place of anybody else */
  readonly user: User
  readonly isSimulated: boolean
}

export interface FirstFactor {
  /** in PREFERRED_CHALLENGE, AvailableChallenges and ANSWER */
  readonly name: 'PASSWORD_SRP' | 'PASSWORD' | 'EMAIL_OTP'
  /** in AllowedFirstAuthFactors and ConfiguredUserAuthFactors */
  readonly setting: FirstAuthFactor
  /** Whether the user can sign in with it. It reads as much of the store for a simulated user. */
  isSetUp(user: User, context: OperationContext): boolean
  /** @returns its challenge; or what comes after it, where the parameters have all that it asks for */
  start(request: FirstFactorRequest, context: OperationContext): Reply
}

const passwordSrp: FirstFactor = {
  name: 'PASSWORD_SRP',
  setting: 'PASSWORD',
  isSetUp: ({ hasPassword }) => hasPassword,
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
  isSetUp: ({ hasPassword }) => hasPassword,
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
const emailOtp: FirstFactor = {
  name: 'EMAIL_OTP',
  setting: 'EMAIL_OTP',
  isSetUp(user, context) {
    const hasMfa = findActiveMfaFactors(user, context).length > 0
    const isVerified = user.attributes.get('email_verified') === 'true'
    return !hasMfa && isVerified && user.status === 'CONFIRMED'
  },
  start(request, context) {
    const { user, isSimulated } = request
    const address = user.attributes.get('email') ?? ''
    const sent = sendEmailOtp({ address, factor: 'first', simulated: isSimulated }, context)
    return {
      ...createChallenge('EMAIL_OTP', request, context, {
        code: sent.code,
        addressHash: hashAddress(address),
      }),
      ChallengeParameters: sent.parameters,
    }
  },
}

/** In the order of AvailableChallenges. */
export const firstFactors: readonly FirstFactor[] = [passwordSrp, password, emailOtp]

/** @returns the factors that the pool allows and the user has */
export function findFirstFactors(user: User, context: OperationContext): readonly FirstFactor[] {
  const allowed = context.settings.firstAuthFactors
  return firstFactors.filter(
    (factor) => allowed.has(factor.setting) && factor.isSetUp(user, context),
  )
}

/** @param emailed what the Session of EMAIL_OTP has beside */
function createChallenge(
  challenge: FirstFactorChallenge,
  { user, clientId }: FirstFactorRequest,
  context: OperationContext,
  emailed: { code: string; addressHash: string } | undefined = undefined,
): JsonObject {
  return {
    ChallengeName: challenge,
    Session: createAuthSession({ challenge, sub: user.sub, clientId, ...emailed }, context),
    ChallengeParameters: {},
  }
}
