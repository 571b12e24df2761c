/**
 * The client library `amazon-cognito-identity-js`, wrapped once into promises. It does what it is good
 * at, the SRP proof and the calls around sign-up; it neither talks to the network nor keeps tokens.
 */

import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type ICognitoStorage,
} from 'amazon-cognito-identity-js'
import type { CognitoConfig } from '../../shared/site-config.ts'
import { AuthError } from './auth-error.ts'
import { findMembers } from './members.ts'
import type { Answer, Call } from './transport.ts'

export interface Cognito {
  signUp(account: { email: string; password: string }): Promise<void>
  confirmSignUp(confirmation: { username: string; code: string }): Promise<void>
  resendCode(user: { username: string }): Promise<void>
  /** Does the arithmetic of the next proof that needs neither name nor password. */
  prepareProof(): void
  /** Asks for this user's challenge already, so that only the proof is left to do; once for each proof. */
  askAhead(user: { username: string }): void
  /**
   * Proves the password by SRP. A challenge asked for ahead is used if it is this user's and can still be
   * answered; else another one is asked for.
   *
   * @returns the service's answer to the proof, tokens or a further challenge, and the user name as the pool
   *   has it
   */
  provePassword(credentials: { username: string; password: string }): Promise<Proved>
  forgotPassword(user: { username: string }): Promise<void>
  confirmForgotPassword(reset: { username: string; code: string; password: string }): Promise<void>
}

interface Proved {
  readonly answer: Answer
  readonly username: string
}

/** A proof begun, whose steps may be taken as soon as what they need is there. Good for one. */
interface Proof {
  /** whose challenge was asked for */
  readonly username: string | undefined
  /** whether the challenge can still be answered */
  isUsable(): boolean
  ask(username: string): void
  finish(password: string): Promise<Proved>
}

/** milliseconds in which a challenge is answered: pools let it live for three minutes or more */
const challengeLifeMs = 150_000

type Callback = (error: unknown, result?: unknown) => void

/** @param call carries the library's requests; every promise here rejects with its `AuthError` */
export function createCognito(config: CognitoConfig, call: Call): Cognito {
  const pool = Object.assign(
    new CognitoUserPool({
      UserPoolId: config.userPoolId,
      ClientId: config.userPoolClientId,
      Storage: createMemoryStorage(),
      AdvancedSecurityDataCollectionFlag: false,
    }),
    { client: createClient(call) },
  )
  const toUser = (username: string, client = pool.client) => {
    const user = new CognitoUser({
      Username: username,
      Pool: pool,
      Storage: createMemoryStorage(),
    })
    return Object.assign(user, { client })
  }

  let ahead: Proof | undefined

  /**
   * The library makes SRP_A, asks for the challenge and answers it in one go. Here the asking waits for the
   * name, and the challenge for the password.
   */
  function beginProof(): Proof {
    const name = createAwaited<string>()
    const password = createAwaited<string>()
    let asked: { readonly username: string; readonly atMs: number } | undefined
    let isRefused = false
    let typed = ''

    const callInTurn: Call = async (operation, parameters) => {
      if (operation !== 'InitiateAuth') return call(operation, parameters)
      const username = await name.promise
      const answer = await call(operation, toNamed(parameters, username)).catch(
        (error: unknown) => {
          isRefused = true
          throw error
        },
      )
      typed = await password.promise
      return answer
    }
    const proved = new Promise<Proved>((resolve, reject) => {
      const client = createClient(callInTurn, (answer) =>
        resolve({ answer, username: user.getUsername() }),
      )
      const user = toUser('told later', client)
      const details = new AuthenticationDetails({ Username: 'told later' })
      user.authenticateUser(
        Object.assign(details, { getPassword: () => typed }),
        // Success never comes to the library: what it would make of the answer is ours to do.
        { onSuccess: () => undefined, onFailure: reject },
      )
    })
    // One that nobody finishes fails unheard.
    proved.catch(() => undefined)

    return {
      get username() {
        return asked?.username
      },
      isUsable: () =>
        !isRefused && Math.abs(Date.now() - (asked?.atMs ?? Date.now())) < challengeLifeMs,
      ask(username) {
        asked = { username, atMs: Date.now() }
        name.resolve(username)
      },
      finish(entered) {
        password.resolve(entered)
        return proved
      },
    }
  }

  function proveAnew(proof: Proof, { username, password }: { username: string; password: string }) {
    proof.ask(username)
    return proof.finish(password)
  }

  return {
    async signUp({ email, password }) {
      const attributes = [new CognitoUserAttribute({ Name: 'email', Value: email })]
      await settle((done) => pool.signUp(email, password, attributes, [], done))
    },
    async confirmSignUp({ username, code }) {
      await settle((done) => toUser(username).confirmRegistration(code, false, done))
    },
    async resendCode({ username }) {
      await settle((done) => toUser(username).resendConfirmationCode(done))
    },
    prepareProof() {
      ahead ??= beginProof()
    },
    askAhead({ username }) {
      ahead ??= beginProof()
      if (ahead.username === undefined) ahead.ask(username)
    },
    async provePassword(credentials) {
      const proof = ahead ?? beginProof()
      ahead = undefined
      if (proof.username === undefined) return proveAnew(proof, credentials)
      if (proof.username === credentials.username && proof.isUsable()) {
        try {
          return await proof.finish(credentials.password)
        } catch (error) {
          const isOver = error instanceof AuthError && error.code === 'session-ended'
          if (!isOver) throw error
        }
      }
      return proveAnew(beginProof(), credentials)
    },
    async forgotPassword({ username }) {
      await settle((done) =>
        toUser(username).forgotPassword({ onSuccess: () => done(null), onFailure: done }),
      )
    },
    async confirmForgotPassword({ username, code, password }) {
      await settle((done) =>
        toUser(username).confirmPassword(code, password, {
          onSuccess: () => done(null),
          onFailure: done,
        }),
      )
    },
  }
}

function toNamed(parameters: unknown, username: string): unknown {
  const members = findMembers(parameters) ?? {}
  return {
    ...members,
    AuthParameters: { ...findMembers(members.AuthParameters), USERNAME: username },
  }
}

/** A promise that is kept from outside. */
function createAwaited<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((keep) => {
    resolve = keep
  })
  return { promise, resolve }
}

/** A callback as a promise. The first call counts: the library may report one act twice. */
function settle(start: (done: Callback) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()))
  })
}

/**
 * Stands in for the library's HTTP client. What the library would stumble over, a challenge before the
 * proof or an answer of another shape, is refused here.
 *
 * @param onProved takes the answer to a proof; the library, which would store it by half, is not told
 */
function createClient(call: Call, onProved?: (answer: Answer) => void) {
  return {
    request(operation: string, parameters: unknown, callback: Callback): void {
      call(operation, parameters)
        .then((answer) => {
          if (operation === 'RespondToAuthChallenge') onProved?.(answer)
          else callback(null, operation === 'InitiateAuth' ? requireSrpChallenge(answer) : answer)
        })
        .catch((error: unknown) => callback(error))
    },
  }
}

/** @throws {AuthError} `unsupported-challenge`, or `service-unavailable` where the library would read nothing */
function requireSrpChallenge(answer: Answer): Answer {
  const { ChallengeName, ChallengeParameters } = answer
  if (ChallengeName !== 'PASSWORD_VERIFIER') {
    const message = `no page answers the challenge ${String(ChallengeName)}`
    throw new AuthError(
      ChallengeName === undefined ? 'service-unavailable' : 'unsupported-challenge',
      message,
    )
  }
  const values = findMembers(ChallengeParameters)
  const isComplete = ['SALT', 'SRP_B', 'SECRET_BLOCK', 'USER_ID_FOR_SRP'].every(
    (member) => typeof values?.[member] === 'string',
  )
  if (isComplete) return answer
  throw new AuthError('service-unavailable', 'expected ChallengeParameters, got an answer without')
}

/** The library wants a place for what it keeps; tokens are kept by session.ts, all or none. */
function createMemoryStorage(): ICognitoStorage {
  const entries = new Map<string, string>()
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  }
}
