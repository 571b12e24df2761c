/**
 * Lays the pictures of a run out on one static page: by page and state, with each direction and theme beside
 * the other.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FullConfig, Reporter, TestCase, TestResult } from '@playwright/test/reporter'

export interface Screenshot {
  readonly pageName: string
  readonly state: string
  readonly language: string
  readonly theme: string
  /** of the window, CSS pixels */
  readonly width: number
}

const between = ' · '

/** What a picture is attached by. */
export function toScreenshotName({ pageName, state, language, theme, width }: Screenshot): string {
  return [pageName, state, language, theme, `${width} px`].join(between)
}

interface Picture {
  readonly file: string
  readonly caption: string
}

// biome-ignore lint/style/noDefaultExport: Playwright takes a reporter from the default export.
export default class GalleryPage implements Reporter {
  /** by page, then by state, in the order they were come to */
  readonly #pages = new Map<string, Map<string, Picture[]>>()
  #folder = ''
  #count = 0

  onBegin({ projects }: FullConfig): void {
    this.#folder = join(projects[0]?.outputDir ?? '', 'gallery')
  }

  onTestEnd(_: TestCase, { attachments }: TestResult): void {
    for (const { name, contentType, body } of attachments) {
      if (contentType === 'image/jpeg' && body) this.#add(name, body)
    }
  }

  onEnd(): void {
    if (this.#count === 0) return
    const path = join(this.#folder, 'index.html')
    writeFileSync(path, toHtml(this.#pages))
    process.stdout.write(`${this.#count} pictures: ${path}\n`)
  }

  #add(name: string, body: Buffer): void {
    const [page = '', state = '', ...rest] = name.split(between)
    if (this.#count === 0) {
      rmSync(this.#folder, { recursive: true, force: true })
      mkdirSync(this.#folder, { recursive: true })
    }
    this.#count += 1
    const file = `${name.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}.jpg`
    writeFileSync(join(this.#folder, file), body)
    const states = this.#pages.get(page) ?? new Map<string, Picture[]>()
    this.#pages.set(page, states)
    states.set(state, [...(states.get(state) ?? []), { file, caption: rest.join(between) }])
  }
}

/** Names are the tests' own: there is no markup in them. */
function toHtml(pages: ReadonlyMap<string, ReadonlyMap<string, readonly Picture[]>>): string {
  const sections = [...pages].map(([page, states]) => {
    const rows = [...states].map(([state, pictures]) => {
      const figures = pictures.map(
        ({ file, caption }) =>
          `<figure><figcaption>${caption}</figcaption><a href="${file}"><img src="${file}" alt="" loading="lazy" /></a></figure>`,
      )
      return `<h3>${state}</h3>\n<div>\n${figures.join('\n')}\n</div>`
    })
    return `<section id="${page.replace(' ', '-')}">\n<h2>${page}</h2>\n${rows.join('\n')}\n</section>`
  })
  const links = [...pages.keys()].map((page) => `<a href="#${page.replace(' ', '-')}">${page}</a>`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>Wild Rydes: every state of every page</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem; }
div { display: flex; gap: 1rem; overflow-x: auto; align-items: flex-start; }
figure { flex: none; margin: 0; }
img { height: 30rem; border: 1px solid #888; }
</style>
<h1>Every state of every page</h1>
<nav>${links.join(' ')}</nav>
${sections.join('\n')}
</html>
`
}
