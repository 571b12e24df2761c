/** The client library's half of an SRP exchange in two steps, each timed, for who drives the page. */

import * as library from 'amazon-cognito-identity-js'

interface Helper {
  /** the group's modulus, a number of the library's own kind */
  readonly N: { readonly constructor: new (digits: string, radix: number) => unknown }
  getLargeAValue(done: (error: unknown, A: { toString(radix: number): string }) => void): void
  getPasswordAuthenticationKey(
    username: string,
    password: string,
    B: unknown,
    salt: unknown,
    done: (error: unknown, key: Uint8Array) => void,
  ): void
}

// The package's types leave it out.
const { AuthenticationHelper } = library as unknown as {
  readonly AuthenticationHelper: new (poolName: string) => Helper
}
let helper: Helper

const srp = {
  /** All that can be done before there is a challenge. */
  makeA(poolName: string) {
    let hex = ''
    const beganMs = performance.now()
    helper = new AuthenticationHelper(poolName)
    helper.getLargeAValue((_, A) => {
      hex = A.toString(16)
    })
    return { ms: performance.now() - beganMs, hex }
  },
  /** What is left when there is one. */
  makeKey(sides: { username: string; password: string; B: string; salt: string }) {
    let key = new Uint8Array()
    const BigInteger = helper.N.constructor
    const beganMs = performance.now()
    helper.getPasswordAuthenticationKey(
      sides.username,
      sides.password,
      new BigInteger(sides.B, 16),
      new BigInteger(sides.salt, 16),
      (_, bytes) => {
        key = new Uint8Array(bytes)
      },
    )
    const ms = performance.now() - beganMs
    return { ms, hex: Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('') }
  },
}
Object.assign(window, { srp })
