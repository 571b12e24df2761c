/**
 * State that travels with the client between two calls, sealed so that nobody can read or change it:
 * a half-done sign-in costs the pool no memory.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { loadSecret, type Store } from './store/store.ts'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

export interface Seal {
  /** @returns bytes that `open` of the same pool, and nobody else, can read */
  close(state: unknown): Buffer
  /** @returns what was sealed, or `undefined` for bytes that are not ours */
  open(sealed: Buffer): unknown
}

/** The key lives in the store: a challenge outlives a restart, and not its pool. */
export function loadSeal(store: Store): Seal {
  const key = Buffer.from(
    loadSecret(store, 'sealing-key', () => randomBytes(32).toString('hex')),
    'hex',
  )

  return {
    close(state) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, key, nonce)
      const text = Buffer.concat([cipher.update(JSON.stringify(state), 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text])
    },
    open(sealed) {
      if (sealed.length <= nonceBytes + tagBytes) return undefined
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
      try {
        const text = Buffer.concat([
          decipher.update(sealed.subarray(nonceBytes + tagBytes)),
          decipher.final(),
        ])
        return JSON.parse(text.toString('utf8'))
      } catch {
        // GCM refuses every forged or foreign block by throwing; there is nothing more to know.
        return undefined
      }
    },
  }
}
