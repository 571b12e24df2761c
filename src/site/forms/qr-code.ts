/** A QR code as an SVG of one path, built without parsing markup: Trusted Types allows none. */

import { encode } from 'uqr'

const svg = 'http://www.w3.org/2000/svg'

/** @param name the text alternative */
export function createQrCode(text: string, name: string): SVGSVGElement {
  const { data, size } = encode(text, { border: 4 })
  const squares = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  )
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d', squares.join(''))
  const picture = document.createElementNS(svg, 'svg')
  picture.setAttribute('viewBox', `0 0 ${size} ${size}`)
  picture.setAttribute('role', 'img')
  picture.setAttribute('aria-label', name)
  picture.append(path)
  return picture
}
