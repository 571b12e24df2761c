/** JSON from outside, parsed without trusting its shape. */

export type JsonObject = Readonly<Record<string, unknown>>

/** @returns the members of an object, `undefined` for anything else */
export function toJsonObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined
}

/** @returns the object that a text is JSON of, `undefined` for any other text */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    return toJsonObject(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
