/**
 * SHA-256 and HMAC of `@noble/hashes` under the interface of `@aws-crypto/sha256-js`. The browser's own are not
 * synchronous, as the client library needs them.
 */

import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'

/** A hash, or an HMAC where there is a secret. */
export class Sha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Uint8Array }

  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? sha256.create() : hmac.create(sha256, toBytes(secret))
  }

  /** @param data a text counts as UTF-8 */
  update(data: string | Uint8Array): void {
    this.#hash.update(toBytes(data))
  }

  /** @returns 32 bytes */
  digestSync(): Uint8Array {
    return this.#hash.digest()
  }
}

function toBytes(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data
}
