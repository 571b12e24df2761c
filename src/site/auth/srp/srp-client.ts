/**
 * The browser's side of an SRP exchange: the password is proved and stays here. The arithmetic is the client
 * library's, `amazon-cognito-identity-js`.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html
 */

import { AuthenticationHelper } from 'amazon-cognito-identity-js'
import BigInteger from '../shims/big-integer.ts'
import { Buffer } from '../shims/buffer.ts'
import { Sha256 } from '../shims/sha256.ts'

/** What the library exports beside what its own types tell of. */
declare module 'amazon-cognito-identity-js' {
  /** One side of one exchange: it makes its secret and SRP_A when it is made. */
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

/** What a challenge PASSWORD_VERIFIER gives. */
export interface SrpChallenge {
  /** the user name as the pool has it, which the proof is of */
  readonly userIdForSrp: string
  /** hexadecimal */
  readonly salt: string
  /** hexadecimal */
  readonly srpB: string
  /** base64, handed back as it is */
  readonly secretBlock: string
}

/** Good for one sign-in. */
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
    srpA: settle(helper.getLargeAValue.bind(helper)).toString(16),
    sign({ userIdForSrp, salt, srpB, secretBlock }, { password, timestamp }) {
      const key = settle<Uint8Array>((done) =>
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

/** The library's callbacks come before it returns. */
function settle<Value>(start: (done: (error: unknown, value: Value) => void) => void): Value {
  let outcome: { value: Value } | undefined
  start((error, value) => {
    if (error) throw error
    outcome = { value }
  })
  if (!outcome) throw new Error('the client library has not answered')
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
