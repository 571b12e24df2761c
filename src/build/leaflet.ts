/** The map library under the pages' policy. */

import type { Plugin } from 'vite'

const original = "div.innerHTML = '<svg/>'"
const replacement = "div.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))"

/**
 * Leaflet 1.9 sets HTML in one place, to find out whether the browser draws SVG. Trusted Types `'none'` would make
 * that throw, and with it the map: this is the same test without HTML. It goes when Leaflet tests otherwise, which the
 * build tells.
 */
export function leafletWithoutHtml(): Plugin {
  return {
    name: 'wild-rydes-leaflet-without-html',
    transform: {
      filter: { id: /leaflet-src\.esm\.js/ },
      handler(code) {
        if (!code.includes(original))
          this.error(`Leaflet has no ${original} any more: is the plugin still needed?`)
        return code.replace(original, replacement)
      },
    },
  }
}
