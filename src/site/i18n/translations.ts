/**
 * What a page in another language has and an English one does not load: the texts of its scripts. The build puts them behind
 * this script, minified, as the argument.
 *
 * @see src/build/translations.ts
 */

import type { Texts } from './text-key.ts'
import { toTextKey } from './text-key.ts'

/**
 * @param later URL of the texts of the scripts that are fetched later, as JSON; relative to this script
 * @param texts of the scripts that the page begins with
 */
export function setTranslations(later: string, texts: Texts): void {
  const script = document.currentScript
  const url = new URL(later, script instanceof HTMLScriptElement ? script.src : undefined)
  let loading: Promise<void> | undefined

  async function fetchLater(): Promise<void> {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
    Object.assign(texts, await response.json())
  }

  globalThis._translations = {
    find: (key) => texts[toTextKey(key)],
    loadLater() {
      loading ??= fetchLater().catch((error: unknown) => {
        loading = undefined
        throw error
      })
      return loading
    },
  }
}
