/** Which drawing shows a unicorn. */

import { sitePath } from '../lib/site-path.ts'
import type { Unicorn } from './ride-api-client.ts'

/** Coats that public/images/unicorn-coats.svg has a view of, besides "any". */
const drawnCoats: ReadonlySet<string> = new Set([
  'white',
  'silver',
  'dapple-grey',
  'piebald',
  'midnight-blue',
  'copper',
  'chestnut',
  'golden',
  'yellow',
])

/** An API may have unicorns that nobody has drawn: these get a coat of no certain color. */
export function toPortraitUrl({ color }: Unicorn): string {
  const coat = color.trim().toLowerCase().replace(/\s+/g, '-')
  return `${sitePath}images/unicorn-coats.svg#${drawnCoats.has(coat) ? coat : 'any'}`
}
