/** The client library without what the site does not need: most of it. */

import { fileURLToPath } from 'node:url'

/** Modules that the library imports, and the files of `src/site/auth/shims` in their place. */
const shims = [
  // Native BigInt: five times faster, and 2.2 kB (brotli) less.
  ['./BigInteger', 'big-integer'],
  // Only what the library uses of Node's Buffer: 5.6 kB less.
  ['buffer', 'buffer'],
  ['@aws-crypto/sha256-js', 'sha256'],
  // Random bytes of the browser alone, without a search for Node's.
  ['./utils/WordArray', 'word-array'],
] as const

/** for Vite's `resolve.alias`; they go when the library goes */
export const clientLibraryShims = shims.map(([find, file]) => ({
  find,
  replacement: fileURLToPath(new URL(`../site/auth/shims/${file}.ts`, import.meta.url)),
}))
