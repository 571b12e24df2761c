/**
 * The client's side of an SRP exchange. The arithmetic is that of `amazon-cognito-identity-js`, the client library.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html
 * @see docs/decisions/0004-client-library-behind-auth.md
 */

import { AuthenticationHelper } from 'amazon-cognito-identity-js'
import BigInteger from '../shims/big-integer.ts'
import { Buffer } from '../shims/buffer.ts'
import { Sha256 } from '../shims/sha256.ts'

/** The library exports it, and its types leave it out. */
declare module 'amazon-cognito-identity-js' {
  /** The client's side of one exchange: the constructor makes its secret and SRP_A. */
  class AuthenticationHelper {
    /** @param poolName the user pool's id without its region */
    constructor(poolName: string)
    getLargeAValue(callback: (error: unknown, largeA: BigInteger) => void): void
    getPasswordAuthenticationKey(
      username: string,
      password: string,
      serverB: BigInteger,
      salt: BigInteger,
      callback: (error: unknown, key: ReturnType<typeof Buffer.from>) => void,
    ): void
  }
}

/** The parameters of a PASSWORD_VERIFIER challenge. */
export interface SrpChallenge {
  /** the user name as the pool has it, which goes into the proof */
  readonly userIdForSrp: string
  /** hexadecimal */
  readonly salt: string
  /** hexadecimal */
  readonly srpB: string
  /** base64, sent back unchanged */
  readonly secretBlock: string
}

/** For one sign-in. */
export interface SrpClient {
  /** hexadecimal */
  readonly srpA: string
  /**
   * @param answer `timestamp` as `toTimestamp` writes it
   * @returns the signature, base64
   */
  sign(challenge: SrpChallenge, answer: { password: string; timestamp: string }): string
}

/** @param userPoolId such as `us-east-1_AbCdEf123` */
export function createSrpClient(userPoolId: string): SrpClient {
  const poolName = userPoolId.replace(/^.*_/, '')
  const helper = new AuthenticationHelper(poolName)
  return {
    srpA: callSync(helper.getLargeAValue.bind(helper)).toString(16),
    sign({ userIdForSrp, salt, srpB, secretBlock }, { password, timestamp }) {
      const key = callSync<Uint8Array>((done) =>
        helper.getPasswordAuthenticationKey(
          userIdForSrp,
          password,
          new BigInteger(srpB),
          new BigInteger(salt),
          done,
        ),
      )
      const hmac = new Sha256(key)
      for (const part of [poolName, userIdForSrp]) hmac.update(Buffer.from(part))
      hmac.update(Buffer.from(secretBlock, 'base64'))
      hmac.update(Buffer.from(timestamp))
      return Buffer.from(hmac.digestSync()).toString('base64')
    },
  }
}

/** Turns a callback into a return value: the library calls back before it returns. */
function callSync<Value>(start: (done: (error: unknown, value: Value) => void) => void): Value {
  let outcome: { value: Value } | undefined
  start((error, value) => {
    if (error) throw error
    outcome = { value }
  })
  if (!outcome) throw new Error('the client library did not call back')
  return outcome.value
}

/** Such as `Thu Nov 5 23:59:08 UTC 2026`: the day without, the time with leading zeros. */
export function toTimestamp(epochMs: number): string {
  const [weekday, day, month, year, time] = new Date(epochMs)
    .toUTCString()
    .replace(',', '')
    .split(' ')
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`
}
