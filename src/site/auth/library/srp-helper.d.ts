/** What the client library exports beside what its own types tell of: the arithmetic of SRP. */

import type BigInteger from './big-integer.ts'
import type { Buffer } from './buffer.ts'

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
