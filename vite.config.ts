import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin, Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'
import { buildRecord } from './src/aws/hosting/build-record.ts'
import { localCloud } from './src/local-cloud/vite-plugin.ts'

const port = Number(process.env.PORT || 5173)

/** Parts of the client library that are replaced at build, by the name it imports them with. */
const standInFiles = [
  // Its clock is the device's; ours is the service's.
  ['./DateHelper', 'date-helper'],
  // Half of its bytes, and nearly all of its time.
  ['./BigInteger', 'big-integer'],
  ['buffer', 'buffer'],
  ['@aws-crypto/sha256-js', 'sha256'],
  // It looks for Node's.
  ['./cryptoSecureRandomInt', 'random-int'],
  // `auth/cognito.ts` gives it others.
  ['./Client', 'unused'],
  ['./StorageHelper', 'unused'],
] as const

export const standIns = standInFiles.map(([find, file]) => ({
  find,
  replacement: fileURLToPath(new URL(`src/site/auth/library/${file}.ts`, import.meta.url)),
}))

// biome-ignore lint/style/noDefaultExport: Vite takes its settings from the default export.
export default defineConfig({
  appType: 'mpa',
  input: ['index', 'register', 'verify', 'signin', 'forgot', 'ride', 'account', '404'].map(
    (page) => `${page}.html`,
  ),
  resolve: {
    alias: [
      ...standIns,
      // What the package names is for `require`, and cannot be shaken.
      { find: /^leaflet$/, replacement: 'leaflet/dist/leaflet-src.esm.js' },
    ],
  },
  plugins: [
    localCloud(),
    smallPreload(),
    libraryWithoutUnusedMethods(),
    leafletWithoutHtml(),
    buildRecord(),
  ],
  // Bundled ahead for dev, it would pass that plugin by.
  optimizeDeps: { exclude: ['leaflet'] },
  build: {
    // Every image is a file: the pages' policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: toChunkName, debugName: 'by pages' }],
        },
      },
      // The client library does not say so itself: what of it nobody uses has no effect.
      treeshake: {
        moduleSideEffects: [
          { test: /\/amazon-cognito-identity-js\//, sideEffects: false },
          { test: /./, sideEffects: true },
        ],
      },
    },
  },
  server: { host: 'localhost', port, strictPort: true },
  preview: { host: 'localhost', port, strictPort: true },
  test: {
    include: ['tests/{unit,contract,repo}/**/*.test.ts'],
    globalSetup: 'tests/support/global-setup.ts',
    // All cores: left to itself, Vitest keeps one free and has a single worker on a machine with two.
    maxWorkers: '100%',
    // A sign-in by the client library is a third of a second of arithmetic, more on a busy machine.
    testTimeout: 30_000,
  },
})

/**
 * Small chunks compress badly: what all pages need is one, what all forms before signing in need another, and
 * so what these fetch later: calls to the service, and the client library. The rest is left to the bundler.
 */
function toChunkName(id: string, graph: Rolldown.ChunkingContext): string | null {
  const reached = new Set<string>()
  const climb = (module: string) => {
    if (reached.has(module)) return
    reached.add(module)
    for (const importer of graph.getModuleInfo(module)?.importers ?? []) climb(importer)
  }
  climb(id)
  const serves = (files: readonly string[]) =>
    files.every((file) => reached.has(fileURLToPath(new URL(file, import.meta.url))))
  if (serves(['index.html', 'signin.html'])) return 'frame'
  const tasks = ['register', 'verify', 'signin', 'forgot']
  if (serves(tasks.map((task) => `${task}.html`))) return 'form'
  if (!serves(tasks.map((task) => `src/site/acts/${task}.ts`))) return null
  return serves(['ride.html', 'account.html']) ? 'service' : 'acts'
}

/**
 * What Vite fetches a part's own parts and styles with is written for every browser and every base: this one
 * is a sixth of it.
 */
function smallPreload(): Plugin {
  return {
    name: 'wild-rydes-small-preload',
    apply: 'build',
    transform: {
      filter: { id: /vite\/preload-helper/ },
      handler: () => ({
        code: `export async function __vitePreload(load, files = []) {
          await Promise.all(files.map((file) => new Promise((resolve, reject) => {
            const href = '/' + file
            const isStyle = href.endsWith('.css')
            if (document.querySelector('link[href="' + href + '"]')) return resolve()
            const link = document.createElement('link')
            link.rel = isStyle ? 'stylesheet' : 'modulepreload'
            link.href = href
            link.onload = resolve
            link.onerror = () => reject(new TypeError(file))
            if (!isStyle) resolve()
            document.head.append(link)
          })))
          return load()
        }`,
        map: null,
      }),
    },
  }
}

/**
 * The client library keeps its methods on prototypes, where no bundler can tell which are used: those that
 * `auth/cognito.ts` does not come to are left out.
 */
function libraryWithoutUnusedMethods(): Plugin {
  const files = ['CognitoUser', 'CognitoUserPool', 'AuthenticationHelper']
  // Ways the library is never sent: answers to the proof do not come to it, and there is one flow.
  const unreached = ['authenticateUserInternal', 'authenticateUserPlainUsernamePassword']
  const method = /^ {2}_proto\.(\w+) = (function [\s\S]*?^ {2}\});?$/gm
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const findUsed = () => {
    const sources = files.map((file) =>
      read(`node_modules/amazon-cognito-identity-js/es/${file}.js`),
    )
    const methods = sources.flatMap((source) => [...source.matchAll(method)])
    const used = new Set<string>()
    const use = (text: string) => {
      for (const [, name = ''] of text.matchAll(/\.(\w+)/g)) {
        if (used.has(name) || unreached.includes(name)) continue
        used.add(name)
        for (const [, owner, body = ''] of methods) if (owner === name) use(body)
      }
    }
    for (const source of sources) use(source.replaceAll(method, ''))
    use(read('src/site/auth/cognito.ts'))
    return used
  }
  return {
    name: 'wild-rydes-library-without-unused-methods',
    transform: {
      filter: { id: new RegExp(`/amazon-cognito-identity-js/es/(${files.join('|')})\\.js$`) },
      handler(code) {
        if (!code.match(method))
          this.error('the client library is written in another way: look anew.')
        const used = findUsed()
        return code.replaceAll(method, (whole, name: string) => (used.has(name) ? whole : ''))
      },
    },
  }
}

/**
 * Leaflet finds out by setting HTML whether the browser draws SVG. The pages' policy (Trusted Types) lets
 * nothing set HTML, and every browser they work in draws SVG: the same question without HTML.
 */
function leafletWithoutHtml(): Plugin {
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
