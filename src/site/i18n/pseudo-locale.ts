/**
 * A language that nobody speaks, for tests: longer than English, every letter accented, written from right to
 * left. Plain letters on its pages are texts that no catalog can translate; a layout that breaks would break
 * in other languages.
 */

export const pseudoLocale = {
  lang: 'en-XB',
  dir: 'rtl',
  name: 'Ƥšéûðö',
  close: 'Çļöšé',
  offer: 'Ţĥîš ƥåĝé îš åṽåîļåƀļé îñ Ƥšéûðö',
} as const

const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const accented = 'ÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļṁñöþǫŕšţûṽŵẋýž'

/**
 * @param text in English; tags stay as they are, and `{name}` placeholders are isolated (U+2068, U+2069), so that a
 *   value is not taken for text that was not translated
 */
export function toPseudo(text: string): string {
  return lengthen(accent(text))
}

function accent(text: string): string {
  return text.replace(/<[^>]*>|\{\w+\}|[A-Za-z]/g, (part) => {
    if (part.startsWith('<')) return part
    if (part.startsWith('{')) return `\u2068${part}\u2069`
    return accented[plain.indexOf(part)] ?? part
  })
}

/** As other languages are: short texts by more than long sentences. */
function lengthen(text: string): string {
  const letters = text.replace(/<[^>]*>/g, '').trim().length
  const extra = letters === 0 ? 0 : Math.ceil(letters * (letters < 20 ? 0.6 : 0.35))
  return text.replace(
    /(\s*)$/,
    (edge) => ` ${'öööö '.repeat(extra / 5 + 1).slice(0, extra)}`.trimEnd() + edge,
  )
}
