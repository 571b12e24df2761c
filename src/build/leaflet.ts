/** The map library under the pages' policy. */

import type { Plugin } from 'vite'

/**
 * Leaflet finds out by setting HTML whether the browser draws SVG. The pages' policy (Trusted Types) lets
 * nothing set HTML, and every browser they work in draws SVG: the same question without HTML.
 */
export function leafletWithoutHtml(): Plugin {
  const question = "div.innerHTML = '<svg/>'"
  return {
    name: 'wild-rydes-leaflet-without-html',
    transform: {
      filter: { id: /leaflet-src\.esm\.js/ },
      handler(code) {
        if (!code.includes(question)) this.error(`Leaflet no longer has ${question}: look anew.`)
        return code.replace(
          question,
          "div.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))",
        )
      },
    },
  }
}
