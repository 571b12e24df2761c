/** The first visit of the sign-in page in other languages beside English, on a slow line. */

import { setTimeout as wait } from 'node:timers/promises'
import type { Builds } from './builds.ts'
import { servePoolAndPages } from './page-server.ts'
import { isOf } from './page-watch.ts'
import { slowness, startSlowBrowser } from './slow-browser.ts'
import { quantile } from './statistics.ts'

const visits = 7
/** milliseconds in which a browser comes to rest after its start, which is not what is measured */
const startMs = 500
/** the longest words, and another script from right to left */
const languages = ['en', 'de', 'ar'] as const

export async function measureLanguages({ site }: Builds): Promise<void> {
  const stage = await servePoolAndPages([site])
  try {
    const [origin = ''] = stage.pages
    const usable = new Map<string, number[]>(languages.map((lang) => [lang, []]))
    // In turn, so that what slows the machine slows all of them.
    for (let row = 0; row < visits; row += 1) {
      for (const lang of languages) usable.get(lang)?.push(await visit(origin, lang))
    }
    const medians = languages.map((lang) => quantile(usable.get(lang) ?? [], 0.5))
    const [english = Number.NaN] = medians
    const figures = languages.map((lang, index) => {
      const median = medians[index] ?? Number.NaN
      return `${lang} ${median.toFixed(0)} ms = ${(median / english).toFixed(2)}`
    })
    process.stdout.write(`\nSign-in form usable, first visit, ${slowness}, median of ${visits}:\n`)
    process.stdout.write(`  ${figures.join(', ')}\n`)
  } finally {
    stage.close()
  }
}

/** @returns milliseconds until the form is painted and a press of its button is taken */
async function visit(origin: string, lang: string): Promise<number> {
  const path = lang === 'en' ? '/signin.html' : `/${lang}/signin.html`
  const browser = await startSlowBrowser()
  try {
    await wait(startMs)
    await browser.open(`${origin}${path}`)
    const usable = await browser.waitFor('the form', isOf(path, 'usable'))
    const paint = await browser.waitFor('the first paint', isOf(path, 'first-contentful-paint'))
    return Math.max(usable.sinceStartMs, paint.sinceStartMs)
  } finally {
    await browser.close()
  }
}
