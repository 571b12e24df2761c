/**
 * Finds the language that a tag asks for: `de`, `de-AT` and `de_AT` all ask for `de`. A region of its own comes first,
 * then whatever is written alike: `pt-PT` is content with `pt-BR`, but `zh-TW` is not with `zh-CN`.
 *
 * @param tag BCP 47, also with underscores, as OpenID Connect allows for `locale`; anything else finds nothing
 * @param languages what there is, as BCP 47
 * @see https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims
 */
export function findLanguage(tag: string, languages: readonly string[]): string | undefined {
  const wanted = parseLocale(tag)
  if (!wanted) return undefined
  return (
    languages.find((lang) => parseLocale(lang)?.baseName === wanted.baseName) ??
    languages.find((lang) => isWrittenAlike(wanted, parseLocale(lang)))
  )
}

function isWrittenAlike(one: Intl.Locale, other: Intl.Locale | undefined): boolean {
  const [a, b] = [one.maximize(), other?.maximize()]
  return a.language === b?.language && a.script === b.script
}

function parseLocale(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag.replaceAll('_', '-'))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
