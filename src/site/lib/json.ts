/** What comes as JSON, looked into without belief. */

/** @returns the members of an object, `undefined` for anything else */
export function findMembers(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined
}

/** @returns the members of the object that a text is JSON of, `undefined` for any other text */
export function parseMembers(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return findMembers(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
