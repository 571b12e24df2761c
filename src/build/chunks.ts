/** How the site's scripts are cut into files, and how a file fetches what it needs. */

import { fileURLToPath } from 'node:url'
import type { Plugin, Rolldown } from 'vite'

/**
 * Small chunks compress badly: what all forms before signing in need is one, with what all pages have; and so
 * are the calls to the service, which come later. The rest is left to the bundler.
 */
export function toChunkName(id: string, graph: Rolldown.ChunkingContext): string | null {
  const reached = new Set<string>()
  const climb = (module: string) => {
    if (reached.has(module)) return
    reached.add(module)
    for (const importer of graph.getModuleInfo(module)?.importers ?? []) climb(importer)
  }
  climb(id)
  const serves = (files: readonly string[]) =>
    files.every((file) => reached.has(fileURLToPath(new URL(`../../${file}`, import.meta.url))))
  if (serves(['register.html', 'signin.html', 'forgot.html'])) return 'frame'
  if (serves(['register.html', 'forgot.html'])) return 'new-password'
  if (serves(['verify.html', 'forgot.html'])) return 'code'
  return serves(['src/site/acts/signin.ts', 'ride.html']) ? 'service' : null
}

/** where the first file of each page's scripts is built to */
export const pagesFolder = 'assets/pages/'

/**
 * What is fetched beside a part, for it: a page names all that its act needs and that it has not fetched
 * itself. What few riders come to finds its own files when it is there.
 */
export function toPreloads(
  part: string,
  files: string[],
  { hostId, hostType }: { hostId: string; hostType: 'html' | 'js' },
): string[] {
  if (hostType === 'html') return files
  // The page's own part is fetched by the page.
  const isAct = hostId.startsWith(pagesFolder) && !part.includes('-page-')
  return files.filter((file) => (isAct ? !file.includes('/frame-') : file.endsWith('.css')))
}

/** The part that a page cannot do without, `src/site/<page>/<page>-page.ts`, is fetched beside its first script. */
export function preloadPagePart(): Plugin {
  return {
    name: 'wild-rydes-preload-page-part',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { chunk, bundle = {} }) {
        const source = `/src/site/${chunk?.name}/${chunk?.name}-page.ts`
        const part = Object.values(bundle).find(
          (file) => file.type === 'chunk' && file.facadeModuleId?.endsWith(source),
        )
        // A set that grows while it is walked through is walked to its end.
        const files = new Set(part && [part.fileName])
        for (const path of files) {
          const file = bundle[path]
          for (const other of file?.type === 'chunk' ? file.imports : []) files.add(other)
        }
        return [...files]
          .filter((path) => !html.includes(path))
          .map((path) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${path}` },
            injectTo: 'head',
          }))
      },
    },
  }
}

/**
 * What Vite fetches a part's own parts and styles with is written for every browser and every base: this one
 * is a sixth of it.
 */
export function smallPreload(): Plugin {
  return {
    name: 'wild-rydes-small-preload',
    apply: 'build',
    transform: {
      filter: { id: /vite\/preload-helper/ },
      handler: () => ({
        code: `export async function __vitePreload(load, files = []) {
          await Promise.all(files.map((file) => {
            const link = document.createElement('link')
            const isStyle = file.endsWith('.css')
            link.rel = isStyle ? 'stylesheet' : 'modulepreload'
            link.href = '/' + file
            document.head.append(link)
            return isStyle && new Promise((resolve, reject) => {
              link.onload = resolve
              link.onerror = () => reject(new TypeError(file))
            })
          }))
          return load()
        }`,
        map: null,
      }),
    },
  }
}
