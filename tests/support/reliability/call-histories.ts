/** Random clients of one pool in parallel, and a history of calls and responses for every user name. */

import { decodeJwt } from 'jose'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import type { Store } from '../../../src/local-cloud/user-pool/store/store.ts'
import type { ApiResponse } from '../cognito-api.ts'
import { createTestPool, type TestPool } from '../test-pool.ts'
import { ClientId, differentCode, requireTokens } from '../users.ts'
import { type Call, isLinearizable, type Model } from './linearizability.ts'
import { createSeededRandom, type SeededRandom } from './seeded-random.ts'

/** Users are told apart by their `sub`: a name that was deleted may be taken again. */
type Input =
  | { readonly kind: 'sign-up'; readonly password: string }
  | { readonly kind: 'confirm'; readonly code: string }
  | { readonly kind: 'sign-in'; readonly password: string }
  | { readonly kind: 'change'; readonly sub: string; readonly old: string; readonly next: string }
  | { readonly kind: 'delete'; readonly sub: string }

interface Output {
  /** `__type` of an error */
  readonly error: string | undefined
  readonly sub?: string
  readonly code?: string
}

type State =
  | {
      readonly sub: string
      readonly code: string
      readonly isConfirmed: boolean
      readonly password: string
    }
  | undefined

export type UserCall = Call<Input, Output>

/** The expected states of one user name, call by call. */
export const userModel: Model<State, Input, Output> = {
  initial: undefined,
  next(state, input, output) {
    const expected = answerAs(state, input, output)
    return expected.error === output.error ? expected : undefined
  },
}

function answerAs(
  state: State,
  input: Input,
  { sub = '', code = '' }: Output,
): { readonly error: string | undefined; readonly state: State } {
  const refuse = (error: string) => ({ error, state })
  const accept = (next: State) => ({ error: undefined, state: next })
  switch (input.kind) {
    case 'sign-up':
      if (state) return refuse('UsernameExistsException')
      return accept({ sub, code, isConfirmed: false, password: input.password })
    case 'confirm':
      if (!state) return refuse('ExpiredCodeException')
      if (state.isConfirmed) return refuse('NotAuthorizedException')
      if (input.code !== state.code) return refuse('CodeMismatchException')
      return accept({ ...state, isConfirmed: true })
    case 'sign-in':
      if (!state) return refuse('NotAuthorizedException')
      if (!state.isConfirmed) return refuse('UserNotConfirmedException')
      if (input.password !== state.password) return refuse('NotAuthorizedException')
      return sub === state.sub ? accept(state) : refuse('a token of somebody else')
    case 'change':
      if (input.sub !== state?.sub) return refuse('UserNotFoundException')
      if (input.old !== state.password) return refuse('NotAuthorizedException')
      return accept({ ...state, password: input.next })
    case 'delete':
      if (input.sub !== state?.sub) return refuse('UserNotFoundException')
      return accept(undefined)
    default:
      return input satisfies never
  }
}

export interface HistoryPlan {
  readonly seed: number
  readonly calls: number
  wrapStore?(store: Store): Store
}

const clientCount = 8
/** more calls for each name make the search longer, fewer leave less to find */
const callsPerName = 60
const passwords = ['Passw0rd!1', 'Passw0rd!2', 'Passw0rd!3']

/** What the clients know of a user name. */
interface Subject {
  readonly username: string
  readonly history: UserCall[]
  readonly codes: string[]
  readonly accessTokens: string[]
}

/** @returns the number of calls, and the names whose history has no valid order */
export async function checkHistories(
  plan: HistoryPlan,
): Promise<{ readonly calls: number; readonly illegal: readonly string[] }> {
  const random = createSeededRandom(plan.seed)
  const pool = await createTestPool(
    { explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH']) },
    { limits: noLimits, ...(plan.wrapStore && { wrapStore: plan.wrapStore }) },
  )
  const subjects = Array.from(
    { length: Math.ceil(plan.calls / callsPerName) },
    (_, index): Subject => ({
      username: `rider-${index}@example.com`,
      history: [],
      codes: [],
      accessTokens: [],
    }),
  )
  let tick = 0
  let begun = 0
  const work = async () => {
    while (begun < plan.calls) {
      begun += 1
      const subject = random.pick(subjects)
      const { input, call } = choose(subject, pool, random)
      tick += 1
      const calledAt = tick
      const output = toOutput(await call(), { input, subject, pool })
      tick += 1
      subject.history.push({ input, output, calledAt, returnedAt: tick })
    }
  }
  await Promise.all(Array.from({ length: clientCount }, work))
  const illegal = subjects.filter(({ history }) => !isLinearizable(history, userModel))
  return { calls: begun, illegal: illegal.map(({ username }) => username) }
}

function choose(
  { username, codes, accessTokens }: Subject,
  pool: TestPool,
  random: SeededRandom,
): { readonly input: Input; readonly call: () => Promise<ApiResponse> } {
  const Username = random.chance(0.3) ? username.toUpperCase() : username
  const password = random.pick(passwords)
  const kind = random.pick(['sign-up', 'confirm', 'confirm', 'sign-in', 'sign-in', 'change', 'own'])
  if (kind === 'sign-up' || (kind === 'confirm' && codes.length === 0)) {
    const UserAttributes = [{ Name: 'email', Value: username }]
    return {
      input: { kind: 'sign-up', password },
      call: () => pool.call('SignUp', { ClientId, Username, Password: password, UserAttributes }),
    }
  }
  if (kind === 'confirm') {
    const known = random.pick(codes.slice(-2))
    const code = random.chance(0.1) ? differentCode(known) : known
    return {
      input: { kind: 'confirm', code },
      call: () => pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode: code }),
    }
  }
  if (kind === 'sign-in' || accessTokens.length === 0) {
    const AuthParameters = { USERNAME: Username, PASSWORD: password }
    return {
      input: { kind: 'sign-in', password },
      call: () =>
        pool.call('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
    }
  }
  const AccessToken = random.pick(accessTokens.slice(-3))
  const sub = decodeJwt(AccessToken).sub ?? ''
  if (kind === 'own' && random.chance(0.4)) {
    return { input: { kind: 'delete', sub }, call: () => pool.call('DeleteUser', { AccessToken }) }
  }
  const next = random.pick(passwords)
  const body = { AccessToken, PreviousPassword: password, ProposedPassword: next }
  return {
    input: { kind: 'change', sub, old: password, next },
    call: () => pool.call('ChangePassword', body),
  }
}

/** Parses a response and shares its codes and tokens with the other clients. */
function toOutput(
  response: ApiResponse,
  { input, subject, pool }: { input: Input; subject: Subject; pool: TestPool },
): Output {
  if (response.status !== 200) return { error: String(response.body.__type) }
  if (input.kind === 'sign-up') {
    const sub = String(response.body.UserSub)
    const code = pool.store.findCode(sub, 'sign-up')?.code ?? 'none'
    subject.codes.push(code)
    return { error: undefined, sub, code }
  }
  if (input.kind === 'sign-in') {
    const { AccessToken } = requireTokens(response)
    subject.accessTokens.push(AccessToken)
    return { error: undefined, sub: decodeJwt(AccessToken).sub ?? '' }
  }
  return { error: undefined }
}
