/** What this browser can do with passkeys. Few lines, for the pages that decide what they show by it. */

/**
 * Whether it can create and use them, and has the functions that turn their options and answers from and to JSON, which came
 * together. Browsers without those (Safari before 18.4, Chromium before 129, Firefox before 119) are offered no passkeys.
 *
 * @see https://developer.mozilla.org/docs/Web/API/PublicKeyCredential
 */
export function canUsePasskeys(): boolean {
  return (
    'PublicKeyCredential' in window && 'parseCreationOptionsFromJSON' in window.PublicKeyCredential
  )
}

/**
 * @param name as `getClientCapabilities` has it: `conditionalGet`, `conditionalCreate`, `immediateGet`, …
 * @see https://developer.mozilla.org/docs/Web/API/PublicKeyCredential/getClientCapabilities_static
 */
export async function hasPasskeyCapability(name: string): Promise<boolean> {
  if (!canUsePasskeys() || !('getClientCapabilities' in PublicKeyCredential)) return false
  return (await PublicKeyCredential.getClientCapabilities())[name] === true
}
