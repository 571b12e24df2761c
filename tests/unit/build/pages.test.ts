/** A small site in two languages, built and served by the plugin of the pages. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { build, createServer, type InlineConfig, type Plugin } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { pages } from '../../../src/build/pages.ts'
import { readSource } from '../../repo/source-files.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

function toCatalog(texts: Readonly<Record<string, string>>): string {
  const entries = Object.entries(texts)
  return JSON.stringify(
    Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1))),
  )
}

const german = { Hello: 'Hallo', Later: 'Später', Register: 'Registrieren', Shared: 'Gemeinsam' }

const files = {
  'register.html':
    "{% layout 'page.html' %}{% block main %}<h1>{{ 'Register' | t }}</h1>{% endblock %}",
  'src/site/partials/page.html': `<!doctype html>
    <html lang="{{ lang }}" dir="{{ dir }}"><head>
    {% if translations_script %}<script src="{{ translations_script }}" defer vite-ignore></script>{% endif %}
    <script type="module" src="/src/site/pages/register.ts"></script>
    </head><body>{% block main %}{% endblock %}</body></html>`,
  'src/site/pages/register.ts': `
    import { t, withTexts } from '../i18n/t.ts'
    import { shared } from './shared.ts'
    document.title = t('Hello') + shared
    const load = withTexts(() => import('./later.ts'))
    load().then(({ later }) => console.log(later))`,
  'src/site/pages/shared.ts':
    "import { t } from '../i18n/t.ts'\nexport const shared = t('Shared')\n",
  'src/site/pages/later.ts': `
    import { t } from '../i18n/t.ts'
    import { shared } from './shared.ts'
    export const later = t('Later') + shared`,
  'src/site/i18n/t.ts': readSource('src/site/i18n/t.ts'),
}

function createSite(catalog: Readonly<Record<string, string>>) {
  const root = createTempFolder()
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  const writeCatalog = (texts: Readonly<Record<string, string>>) =>
    write('src/site/i18n/catalogs/de.json', toCatalog(texts))
  writeCatalog(catalog)
  const config: InlineConfig = {
    root,
    configFile: false,
    logLevel: 'silent',
    appType: 'mpa',
    plugins: [
      pages({
        root,
        files: ['register.html'],
        languages: [
          { lang: 'en', dir: 'ltr', name: 'English', offer: 'In English', close: 'Close' },
          { lang: 'de', dir: 'ltr', name: 'Deutsch', offer: 'Auf Deutsch', close: 'Schließen' },
        ],
      }),
    ],
  }
  return { root, config, writeCatalog }
}

test('one build has a page in each language, and the same script for all of them', async () => {
  const { root, config } = createSite(german)
  await build(config)
  const read = (path: string) => readFileSync(join(root, 'dist', path), 'utf8')
  const [english, translated] = [read('register.html'), read('de/register.html')]
  expect(english).toContain('<html lang="en" dir="ltr">')
  expect(english).toContain('<h1>Register</h1>')
  expect(translated).toContain('<html lang="de" dir="ltr">')
  expect(translated).toContain('<h1>Registrieren</h1>')
  const modules = (html: string) => html.match(/<script type="module"[^>]*>/g)
  expect(modules(translated)).toEqual(modules(english))
  expect(modules(english)).toHaveLength(1)
})

test('a page in another language loads the texts of its scripts before its module, an English one none', async () => {
  const { root, config } = createSite(german)
  await build(config)
  const names = readdirSync(join(root, 'dist/assets')).filter((name) => name.startsWith('de-'))
  const script = names.find((name) => name.endsWith('.js')) ?? ''
  const later = names.find((name) => name.endsWith('.json')) ?? ''
  const read = (name: string) => readFileSync(join(root, 'dist/assets', name), 'utf8')

  // What the page shows at once, and nothing else.
  const fetched: string[] = []
  const translations = run(read(script), (url) => {
    fetched.push(url)
    return read(later)
  })
  expect(['Hello', 'Shared', 'Later', 'Register'].map(translations.find)).toEqual([
    'Hallo',
    'Gemeinsam',
    undefined,
    undefined,
  ])
  await translations.loadLater()
  await translations.loadLater()
  expect(fetched).toEqual([`https://rides.example/assets/${later}`])
  expect(translations.find('Later')).toBe('Später')

  const translated = readFileSync(join(root, 'dist/de/register.html'), 'utf8')
  const position = translated.search(`<script src="/assets/${script}" defer`)
  expect(position).toBeGreaterThan(0)
  expect(position).toBeLessThan(translated.indexOf('type="module"'))
  expect(readFileSync(join(root, 'dist/register.html'), 'utf8')).not.toContain('/assets/de-')
})

test('texts that could not be fetched are fetched again, by the next script that needs them', async () => {
  const { root, config } = createSite(german)
  await build(config)
  const names = readdirSync(join(root, 'dist/assets')).filter((name) => name.startsWith('de-'))
  const [script = ''] = names.filter((name) => name.endsWith('.js'))
  let isDown = true
  const code = readFileSync(join(root, 'dist/assets', script), 'utf8')
  const translations = run(code, () => (isDown ? undefined : '{}'))
  await expect(translations.loadLater()).rejects.toThrow(/later.*: 503/)
  isDown = false
  await translations.loadLater()
})

/**
 * What a script of translations sets in a page.
 *
 * @param respond the body that there is at a URL; none for an error
 */
function run(code: string, respond: (url: string) => string | undefined) {
  class HTMLScriptElement {
    readonly src = 'https://rides.example/assets/de-register.js'
  }
  const page: { _translations?: NonNullable<typeof globalThis._translations> } = {}
  runInNewContext(code, {
    globalThis: page,
    HTMLScriptElement,
    document: { currentScript: new HTMLScriptElement() },
    URL,
    fetch: async (url: URL) => {
      const body = respond(url.href)
      return new Response(body, { status: body === undefined ? 503 : 200 })
    },
  })
  if (!page._translations) throw new Error('the script has set nothing')
  return page._translations
}

test('a catalog that lacks a text fails the build and names it', async () => {
  const { config } = createSite({ Later: 'Später', Register: 'Registrieren', Shared: 'Gemeinsam' })
  await expect(build(config)).rejects.toThrow(/catalogs\/de\.json:\nmissing: Hello/)
})

test('a page whose slots do not fit fails the build and is named', async () => {
  const { root, config } = createSite(german)
  writeFileSync(join(root, 'register.html'), "{{ 'Register' | t: a: 'href' }}")
  await expect(build(config)).rejects.toThrow(/register\.html: “Register” does not use a/)
})

test('the dev server has the pages of every language, and takes up a changed catalog', async () => {
  const { config, writeCatalog } = createSite(german)
  const headers: Plugin = {
    name: 'headers',
    configureServer: ({ middlewares }) =>
      void middlewares.use((_, outgoing, next) => {
        outgoing.setHeader('X-Policy', 'strict')
        next()
      }),
  }
  const server = await createServer({
    ...config,
    plugins: [config.plugins, headers],
    server: { port: 0, host: 'localhost' },
  })
  onTestFinished(() => server.close())
  await server.listen()
  const address = server.httpServer?.address()
  const origin = `http://localhost:${typeof address === 'object' ? address?.port : ''}`
  const get = async (path: string) => (await fetch(origin + path)).text()

  expect(await get('/register.html')).toContain('<h1>Register</h1>')
  const response = await fetch(`${origin}/de/register.html`)
  expect(response.headers.get('X-Policy')).toBe('strict')
  const page = await response.text()
  expect(page).toContain('<h1>Registrieren</h1>')
  const script = /src="(\/assets\/de-[^"]+)"/.exec(page)?.[1] ?? ''
  const translations = run(await get(script), () => undefined)
  expect(['Hello', 'Later'].map(translations.find)).toEqual(['Hallo', 'Später'])

  writeCatalog({ ...german, Register: 'Anmelden' })
  expect(await get('/de/register.html')).toContain('<h1>Anmelden</h1>')
})
