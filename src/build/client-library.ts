/** The client library without what the site does not need of it: most of its bytes, and nearly all of its time. */

import { fileURLToPath } from 'node:url'

/**
 * Modules that the library imports, and the file of `src/site/auth/shims` in the place of each. Together they
 * save 14 kB (brotli), and they go when the library goes.
 */
const shims = [
  // Native BigInt: five times faster, 2.8 kB less.
  ['./BigInteger', 'big-integer'],
  // What the library uses of Node's Buffer: 6.3 kB less.
  ['buffer', 'buffer'],
  // An audited hash with a tenth of the parts: 4.2 kB less.
  ['@aws-crypto/sha256-js', 'sha256'],
  // Random bytes by the browser alone: 0.8 kB less.
  ['./utils/WordArray', 'word-array'],
] as const

/** for Vite's `resolve.alias` */
export const clientLibraryShims = shims.map(([find, file]) => ({
  find,
  replacement: fileURLToPath(new URL(`../site/auth/shims/${file}.ts`, import.meta.url)),
}))
