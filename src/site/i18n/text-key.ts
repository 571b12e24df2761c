/** Short keys of texts: what a page in another language fetches would be twice as large with the English texts in it. */

/** By short key: the English texts are in the scripts already. */
export type Texts = Record<string, string>

/**
 * A hash of 24 bits, in base 36. The build fails where two texts have the same one.
 *
 * @param key of a text in a catalog
 */
export function toTextKey(key: string): string {
  let hash = 0
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash, 31) + key.charCodeAt(index)
  }
  // The lowest bits hardly depend on what stands first.
  return (hash >>> 8).toString(36)
}
