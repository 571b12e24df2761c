/**
 * The language of a site that a person prefers. A tag stands for what it most likely means: `zh-TW` is Chinese in traditional
 * characters, which is not `zh-Hans`; `pt-PT` is Portuguese, and so is `pt-BR`; `iw` is an old name of `he`.
 *
 * @param preferred as the browser has them; anything may be among them
 */
export function matchLanguage<Known extends { readonly lang: string }>(
  preferred: readonly string[],
  known: readonly Known[],
): Known | undefined {
  for (const tag of preferred) {
    const writing = toWriting(tag)
    const found = writing && known.find(({ lang }) => toWriting(lang) === writing)
    if (found) return found
  }
  return undefined
}

/** Such as `zh-Hans`: a language and its script. */
function toWriting(tag: string): string | undefined {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script}`
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
