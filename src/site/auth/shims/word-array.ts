/** Takes the place of the client library's `WordArray`, which also knows Node, React Native and old browsers. */

import { Buffer } from './buffer.ts'

/** As much of it as the library uses: random bytes, to be written in hexadecimal. */
// biome-ignore lint/style/noDefaultExport: the library imports it so.
export default class WordArray {
  /** From the browser's cryptographic source. */
  random(byteCount: number): { toString(): string } {
    const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(byteCount)))
    return { toString: () => bytes.toString('hex') }
  }
}
