/** What comes as JSON, looked into without belief. */

/** @returns the members of an object, `undefined` for anything else */
export function findMembers(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined
}
