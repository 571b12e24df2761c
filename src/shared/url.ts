/** Reads a URL that somebody has typed or sent. `URL.canParse` is too young for many phones. */

/**
 * @param base what a relative URL is relative to
 * @returns `undefined` for what is none
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
