/** Bytes of each page on the wire, brotli: what comes before its script answers, and what comes after. */

import { htmlPages } from '../repo/source-files.ts'
import type { Builds } from './builds.ts'
import { type PageWeight, sumBytes, weighPage } from './page-weight.ts'

export function measurePages({ site, untouched }: Builds): void {
  process.stdout.write(
    'Pages, bytes (brotli): document with its styles | script | settings | pictures | later | in all\n',
  )
  for (const page of htmlPages) print(`${page}.html`, weighPage(site, page))
  const ours = weighPage(site, 'signin')
  const bare = weighPage(untouched, 'signin')
  print('bare sign-in page, library as published, no styles', bare)
  const ratio = (weigh: (weight: PageWeight) => number) => (weigh(bare) / weigh(ours)).toFixed(2)
  process.stdout.write(
    [
      '  bare page / signin.html:',
      `script before a press is answered ${ratio(({ script }) => sumBytes(script))},`,
      `script in all ${ratio(({ script, later }) => sumBytes([...script, ...later]))},`,
      `everything ${ratio(weighAll)}\n`,
    ].join(' '),
  )
}

function print(name: string, weight: PageWeight): void {
  const parts = Object.values(weight).map(sumBytes)
  process.stdout.write(`  ${name}: ${[...parts, weighAll(weight)].join(' | ')}\n`)
}

function weighAll(weight: PageWeight): number {
  return sumBytes(Object.values(weight).flat())
}
