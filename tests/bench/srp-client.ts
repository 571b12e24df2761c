/**
 * The client's half of SRP on OpenSSL, for load: the client library would spend a fifth of a second on
 * every sign-in and measure itself. Its answers are judged by the pool like anyone's.
 */

import { createHash, createHmac, randomBytes } from 'node:crypto'
import { N } from '../../src/local-cloud/user-pool/srp/group.ts'
import { generatorModPow, modPow } from '../../src/local-cloud/user-pool/srp/mod-pow.ts'
import { k, pad, sign } from '../../src/local-cloud/user-pool/srp/srp.ts'
import { toTimestamp } from '../../src/local-cloud/user-pool/srp/timestamp.ts'

export interface Challenge {
  readonly SALT: string
  readonly SRP_B: string
  readonly SECRET_BLOCK: string
  readonly USER_ID_FOR_SRP: string
}

/** @param namespace the user pool id after its `_` */
export function createSrpClient(namespace: string) {
  const a = toInteger(randomBytes(32))
  const A = generatorModPow(a)
  return {
    srpA: A.toString(16),
    /** ChallengeResponses for PASSWORD_VERIFIER */
    answer(challenge: Challenge, password: string) {
      const { SALT, SRP_B, SECRET_BLOCK, USER_ID_FOR_SRP: userId } = challenge
      const B = BigInt(`0x${SRP_B}`)
      const u = toInteger(sha256(pad(A), pad(B)))
      const inner = sha256(Buffer.from(`${namespace}${userId}:${password}`, 'utf8'))
      const x = toInteger(sha256(pad(BigInt(`0x${SALT}`)), inner))
      const base = (((B - k * generatorModPow(x)) % N) + N) % N
      const S = modPow(base, a + u * x)
      const pseudoRandomKey = createHmac('sha256', pad(u)).update(pad(S)).digest()
      const K = createHmac('sha256', pseudoRandomKey)
        .update('Caldera Derived Key\u0001')
        .digest()
        .subarray(0, 16)
      const timestamp = toTimestamp(Date.now())
      const secretBlock = Buffer.from(SECRET_BLOCK, 'base64')
      return {
        USERNAME: userId,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        TIMESTAMP: timestamp,
        PASSWORD_CLAIM_SIGNATURE: sign(
          K,
          { namespace, userId },
          { secretBlock, timestamp },
        ).toString('base64'),
      }
    },
  }
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function toInteger(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}
