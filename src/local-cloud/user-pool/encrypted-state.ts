/**
 * State of a sign-in or of a list that the client carries from one call to the next, encrypted with AES-256-GCM, so
 * that the client can neither read nor change it and the pool need not store it.
 */

import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../ports.ts'
import { loadSecret, type Store } from './store/store.ts'

const algorithm = 'aes-256-gcm'
const keyBytes = 32
/** of the initialization vector, as NIST SP 800-38D section 8.2 recommends */
const ivBytes = 12
const tagBytes = 16

/** What a ciphertext is for. It is the additional authenticated data: one cannot be used as the other. */
export type StatePurpose = 'SECRET_BLOCK' | 'Session' | 'WebAuthn registration' | 'PaginationToken'

export interface StateCipher {
  /** @returns initialization vector, authentication tag and ciphertext */
  encrypt(purpose: StatePurpose, state: unknown): Buffer
  /** @returns the state; `undefined` for bytes that this pool did not encrypt for this purpose */
  decrypt(purpose: StatePurpose, encrypted: Buffer): unknown
}

/** The key is a secret of the store: a sign-in that has begun goes on after a restart. */
export function loadStateCipher(store: Store, random: Random): StateCipher {
  const keyHex = loadSecret(store, 'sealing-key', () => random.bytes(keyBytes).toString('hex'))
  const key = Buffer.from(keyHex, 'hex')

  return {
    encrypt(purpose, state) {
      const iv = random.bytes(ivBytes)
      const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(purpose))
      const ciphertext = [cipher.update(JSON.stringify(state), 'utf8'), cipher.final()]
      return Buffer.concat([iv, cipher.getAuthTag(), ...ciphertext])
    },
    decrypt(purpose, encrypted) {
      if (encrypted.length <= ivBytes + tagBytes) return undefined
      const decipher = createDecipheriv(algorithm, key, encrypted.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(purpose))
      decipher.setAuthTag(encrypted.subarray(ivBytes, ivBytes + tagBytes))
      try {
        const text = Buffer.concat([
          decipher.update(encrypted.subarray(ivBytes + tagBytes)),
          decipher.final(),
        ])
        return JSON.parse(text.toString('utf8'))
      } catch {
        // `final` throws for every block whose tag is wrong, without saying what is wrong with it.
        return undefined
      }
    },
  }
}
