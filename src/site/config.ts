/**
 * This site's settings, checked: an operator may replace `window._config` at any time. Modules read it here;
 * `inline/sign-in-methods.ts` looks at the unchecked one before they are there.
 */

import { type Config, readConfig } from '../shared/site-config.ts'

declare global {
  interface Window {
    /** set by `/js/config.js`, which anyone may have edited */
    readonly _config?: unknown
  }
}

export const config: Config = readConfig(window._config)
