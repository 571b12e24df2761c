/** Takes the place of the client library's module `cryptoSecureRandomInt`, which also knows Node and old browsers. */

/** @returns 32 bits from the browser's cryptographic source */
// biome-ignore lint/style/noDefaultExport: the library imports it so.
export default function randomInt(): number {
  const [bits = 0] = crypto.getRandomValues(new Uint32Array(1))
  return bits
}
