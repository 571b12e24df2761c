/**
 * A language that nobody speaks, for tests: longer than English, every letter accented, read from right to
 * left. Text on a page that has plain letters has escaped the words; what breaks would break in other
 * languages.
 */

export const pseudoLang = 'en-XB'

const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const accented = 'ÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļṁñöþǫŕšţûṽŵẋýž'

/** @returns the same words, whatever they stand in */
export function toPseudo<Words>(words: Words): Words
export function toPseudo(words: unknown): unknown {
  if (typeof words === 'string') return lengthen(accent(words))
  if (typeof words === 'function') return (...values: unknown[]) => toPseudo(words(...values))
  if (Array.isArray(words)) return words.map(toPseudo)
  if (typeof words !== 'object' || words === null) return words
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, toPseudo(value)]))
}

/** Markup and entities stay as they are. */
function accent(text: string): string {
  return text.replace(/<[^>]*>|&#?\w+;|[A-Za-z]/g, (part) =>
    part.length === 1 ? (accented[plain.indexOf(part)] ?? part) : part,
  )
}

/** As other languages are: short words by more than long sentences. */
function lengthen(text: string): string {
  const letters = text.replace(/<[^>]*>/g, '').trim().length
  const extra = letters === 0 ? 0 : Math.ceil(letters * (letters < 20 ? 0.6 : 0.35))
  return text.replace(
    /(\s*)$/,
    (edge) => ` ${'öööö '.repeat(extra / 5 + 1).slice(0, extra)}`.trimEnd() + edge,
  )
}
