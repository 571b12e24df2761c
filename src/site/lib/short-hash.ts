/**
 * A short hash of a name, in any case: it stands in keys of web storage, where a name would stay for others to read. It
 * tells one name from another and keeps nothing secret: few names have the same one.
 */
export function toShortHash(name: string): string {
  let hash = 0
  for (const character of name.toLowerCase()) {
    hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  }
  return hash.toString(36)
}
