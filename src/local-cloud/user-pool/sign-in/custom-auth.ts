/**
 * Sign-in by custom challenges, the flow CUSTOM_AUTH: one function says which challenge comes next, one makes it, one
 * verifies the response to it. The password may come first, by SRP.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
 */

import * as v from 'valibot'
import { CognitoError, CommittedError } from '../cognito-error.ts'
import { userNotFoundError } from '../common-errors.ts'
import type { OperationContext, Reply } from '../context.ts'
import { createSimulatedAccount } from '../simulated-user.ts'
import type { User } from '../store/store.ts'
import { askPreAuthentication } from '../triggers/sign-in-triggers.ts'
import { unrecognizableOutputError } from '../triggers/trigger-calls.ts'
import type { ChallengeRound } from '../triggers/trigger-events.ts'
import { toUserNotFound, toUserRequest } from '../triggers/user-attributes.ts'
import { findAccountStatusError } from './account-status.ts'
import { type AuthSession, consumeAuthSession, createAuthSession } from './auth-session.ts'
import { finishSignIn } from './continue-sign-in.ts'
import { requireParameter } from './parameters.ts'
import { createPasswordChallenge, incorrectPasswordError } from './password-verifier.ts'

/** longest `Session` that a client may send back */
const maxSessionLength = 2048

const flag = v.nullish(v.boolean(), false)
const texts = v.nullish(v.record(v.string(), v.string()), {})
const defineResponse = v.object({
  challengeName: v.nullish(v.string()),
  issueTokens: v.optional(flag),
  failAuthentication: v.optional(flag),
})
const createResponse = v.object({
  publicChallengeParameters: v.optional(texts),
  privateChallengeParameters: v.optional(texts),
  challengeMetadata: v.nullish(v.string()),
})
const verifyResponse = v.object({ answerCorrect: v.nullish(v.boolean(), false) })

/** How far a sign-in has come. */
interface CustomSignIn {
  /** `undefined` for a name that nobody has */
  readonly user: User | undefined
  /** the user, or a simulated one */
  readonly account: User
  readonly username: string
  readonly clientId: string
  readonly rounds: readonly ChallengeRound[]
  /** where the password comes first */
  readonly srpA?: string
}

/** InitiateAuth with CUSTOM_AUTH. */
export function startCustomAuth(
  {
    username,
    clientId,
    parameters,
  }: { username: string; clientId: string; parameters: Readonly<Record<string, string>> },
  context: OperationContext,
): Reply {
  const isBySrp = parameters.CHALLENGE_NAME === 'SRP_A'
  const srpA = isBySrp ? requireParameter(parameters, 'SRP_A') : undefined
  // On AWS it is not asked about custom challenges alone.
  if (srpA !== undefined) askPreAuthentication(username, context)
  const user = context.store.findUser(username)
  return continueCustomAuth(
    {
      ...toSignIn(user, { username, clientId }, context),
      ...(srpA === undefined
        ? { rounds: [] }
        : { srpA, rounds: [{ challengeName: 'SRP_A', challengeResult: true }] }),
    },
    context,
  )
}

/** After the right password. The Session of PASSWORD_VERIFIER is consumed. */
export function continueAfterPassword(
  user: User,
  { customRounds = [], clientId }: AuthSession,
  context: OperationContext,
): Reply {
  const round: ChallengeRound = { challengeName: 'PASSWORD_VERIFIER', challengeResult: true }
  const { username } = user
  const rounds = [...customRounds.map(toRound), round]
  return continueCustomAuth({ ...toSignIn(user, { username, clientId }, context), rounds }, context)
}

/** The response to CUSTOM_CHALLENGE. It consumes the Session, right or wrong: each round has its own. */
export function respondToCustomChallenge(
  state: AuthSession,
  { username, parameters }: { username: string; parameters: Readonly<Record<string, string>> },
  context: OperationContext,
): Reply {
  const challengeAnswer = requireParameter(parameters, 'ANSWER')
  const { clientId, customRounds = [], customPrivate = {}, customMetadata } = state
  const user = context.store.findUserBySub(state.sub)
  const signIn = toSignIn(user, { username, clientId }, context)
  const verified = context.triggers.call(
    'VerifyAuthChallengeResponse',
    {
      triggerSource: 'VerifyAuthChallengeResponse_Authentication',
      userName: signIn.account.username,
      request: {
        ...toChallengeRequest(signIn, context),
        privateChallengeParameters: customPrivate,
        challengeAnswer,
      },
      response: { answerCorrect: null },
    },
    verifyResponse,
  )
  if (!verified) throw customAuthNotConfiguredError()
  consumeAuthSession(state, context)
  const round: ChallengeRound = {
    challengeName: 'CUSTOM_CHALLENGE',
    challengeResult: verified.answerCorrect,
    ...(customMetadata !== undefined && { challengeMetadata: customMetadata }),
  }
  return continueCustomAuth({ ...signIn, rounds: [...customRounds.map(toRound), round] }, context)
}

/** @returns the next challenge, tokens, or the error of a sign-in that failed */
function continueCustomAuth(signIn: CustomSignIn, context: OperationContext): Reply {
  const { user, account, username, clientId, rounds, srpA } = signIn
  const next = context.triggers.call(
    'DefineAuthChallenge',
    {
      triggerSource: 'DefineAuthChallenge_Authentication',
      userName: account.username,
      request: { ...toChallengeRequest(signIn, context), session: [...rounds] },
      response: { challengeName: null, issueTokens: null, failAuthentication: null },
    },
    defineResponse,
  )
  if (!next) throw customAuthNotConfiguredError()
  if (next.failAuthentication) return failedError('DefineAuthChallenge failed the authentication')
  if (next.issueTokens) {
    return user ? finishSignIn({ user, clientId }, context) : failedError('no such user')
  }
  switch (next.challengeName) {
    case 'CUSTOM_CHALLENGE':
      return createCustomChallenge(signIn, context)
    case 'PASSWORD_VERIFIER': {
      if (srpA === undefined) {
        throw unrecognizableOutputError('response.challengeName: PASSWORD_VERIFIER follows SRP_A')
      }
      const challenge = createPasswordChallenge(
        { username, srpA, clientId, choiceBased: false, isCustom: true },
        context,
      )
      const step = { challenge: 'CUSTOM_PASSWORD_VERIFIER', sub: account.sub, clientId } as const
      const customRounds = [...rounds]
      return { ...challenge, Session: createAuthSession({ ...step, customRounds }, context) }
    }
    default:
      throw unrecognizableOutputError(
        'response.challengeName: expected CUSTOM_CHALLENGE or PASSWORD_VERIFIER',
      )
  }
}

function createCustomChallenge(signIn: CustomSignIn, context: OperationContext): Reply {
  const { account, clientId, rounds } = signIn
  const challenge = 'CUSTOM_CHALLENGE'
  const created = context.triggers.call(
    'CreateAuthChallenge',
    {
      triggerSource: 'CreateAuthChallenge_Authentication',
      userName: account.username,
      request: {
        ...toChallengeRequest(signIn, context),
        challengeName: challenge,
        session: [...rounds],
      },
      response: {
        publicChallengeParameters: null,
        privateChallengeParameters: null,
        challengeMetadata: null,
      },
    },
    createResponse,
  )
  if (!created) throw customAuthNotConfiguredError()
  const Session = createAuthSession(
    {
      challenge,
      sub: account.sub,
      clientId,
      customRounds: [...rounds],
      customPrivate: created.privateChallengeParameters,
      ...(created.challengeMetadata && { customMetadata: created.challengeMetadata }),
    },
    context,
  )
  if (Session.length > maxSessionLength) {
    throw unrecognizableOutputError(
      'privateChallengeParameters and challengeMetadata are too long for a Session of this pool',
    )
  }
  return {
    ChallengeName: challenge,
    Session,
    ChallengeParameters: { USERNAME: account.username, ...created.publicChallengeParameters },
  }
}

/** @throws {CognitoError} for a LEGACY client: UserNotFoundException; the account status error */
function toSignIn(
  user: User | undefined,
  { username, clientId }: { username: string; clientId: string },
  context: OperationContext,
) {
  if (!user && !context.settings.preventsUserExistenceErrors) throw userNotFoundError()
  const statusError = user && findAccountStatusError(user, context)
  if (statusError) throw statusError
  const simulated = createSimulatedAccount(
    username,
    context.simulateUser(username),
    context.settings,
  )
  return { user, account: user ?? simulated, username, clientId }
}

function toChallengeRequest({ user }: Pick<CustomSignIn, 'user'>, context: OperationContext) {
  const { userAttributes, ...metadata } = toUserRequest(
    user ?? { sub: '', status: 'CONFIRMED', attributes: new Map() },
    context,
  )
  return {
    userAttributes: user ? userAttributes : {},
    ...toUserNotFound(user, context.settings),
    ...metadata,
  }
}

/** Only custom challenges have metadata. */
function toRound({
  challengeName,
  challengeResult,
  challengeMetadata,
}: NonNullable<AuthSession['customRounds']>[number]): ChallengeRound {
  if (challengeName !== 'CUSTOM_CHALLENGE') return { challengeName, challengeResult }
  return {
    challengeName,
    challengeResult,
    ...(challengeMetadata !== undefined && { challengeMetadata }),
  }
}

function failedError(detail: string): CommittedError {
  return new CommittedError(incorrectPasswordError(detail))
}

export function customAuthNotConfiguredError(): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    'Custom auth lambda trigger is not configured for the user pool.',
  )
}
