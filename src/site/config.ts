/** This site's settings: the only reader of `window._config`, which an operator may replace at any time. */

import { type Config, readConfig } from '../shared/site-config.ts'

declare global {
  interface Window {
    /** set by `/js/config.js`, which anyone may have edited */
    readonly _config?: unknown
  }
}

export const config: Config = readConfig(window._config)
