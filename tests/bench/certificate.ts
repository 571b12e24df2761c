/**
 * A certificate for servers of this machine, signed by itself: browsers speak HTTP/2, as the host does, by TLS
 * alone. The browser is told to take it by its key's hash.
 *
 * @see RFC 5280 section 4.1
 */

import { createHash, generateKeyPairSync, sign } from 'node:crypto'

export interface Certificate {
  /** PEM */
  readonly cert: string
  readonly key: string
  /** SHA-256 of the public key, base64, as `--ignore-certificate-errors-spki-list` takes it */
  readonly keyHash: string
}

const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'))
const commonName = Buffer.from('0603550403', 'hex')
const dayMs = 24 * 60 * 60 * 1000

export function createCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const name = sequence(encode(0x31, sequence(commonName, encode(0x0c, Buffer.from('localhost')))))
  const [notBefore, notAfter] = [Date.now() - dayMs, Date.now() + dayMs].map(toUtcTime)
  const toBeSigned = sequence(
    encode(0x02, Buffer.of(1)),
    ecdsaWithSha256,
    name,
    sequence(notBefore ?? Buffer.of(), notAfter ?? Buffer.of()),
    name,
    spki,
  )
  const signature = encode(0x03, Buffer.of(0), sign('sha256', toBeSigned, privateKey))
  const der = sequence(toBeSigned, ecdsaWithSha256, signature)
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyHash: createHash('sha256').update(spki).digest('base64'),
  }
}

function toUtcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)
  return encode(0x17, Buffer.from(`${digits}Z`))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return encode(0x30, ...parts)
}

/** DER, for contents of less than 64 KiB: lengths in as few bytes as they need. */
function encode(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const low = length & 255
  const size = length < 128 ? [length] : length < 256 ? [0x81, low] : [0x82, length >> 8, low]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
