/** A small site in two languages, built and served by the plugin of the pages. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, createServer, type InlineConfig, type Plugin } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { pages } from '../../../src/build/pages.ts'
import { expectations } from '../../../src/shared/expectations.ts'
import { poolProblems } from '../../../src/shared/pool-problems.ts'
import { readSource } from '../../repo/source-files.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

/** Every catalog has the texts of what settings may be; here they stay English. */
const settings = [
  ...Object.values(expectations),
  ...poolProblems.flatMap(({ expected, suggestion }) => [expected, suggestion]),
].map((text) => [text, text] as const)

function toCatalog(texts: Readonly<Record<string, string>>): string {
  const entries = [...settings, ...Object.entries(texts)]
  return JSON.stringify(
    Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1))),
  )
}

const german = { Hello: 'Hallo', Register: 'Registrieren' }

const files = {
  'register.html':
    "{% layout 'page.html' %}{% block main %}<h1>{{ 'Register' | t }}</h1>{% endblock %}",
  'src/site/partials/page.html': `<!doctype html>
    <html lang="{{ lang }}" dir="{{ dir }}"><head>
    {% if translations_script %}<script src="{{ translations_script }}" defer vite-ignore></script>{% endif %}
    <script type="module" src="/src/site/pages/register.ts"></script>
    </head><body>{% block main %}{% endblock %}</body></html>`,
  'src/site/pages/register.ts': "import { t } from '../i18n/t.ts'\ndocument.title = t('Hello')\n",
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
          { lang: 'en', dir: 'ltr' },
          { lang: 'de', dir: 'ltr' },
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
  const [catalog] = readdirSync(join(root, 'dist/assets')).filter((name) => name.startsWith('de-'))
  const script = readFileSync(join(root, `dist/assets/${catalog}`), 'utf8')
  expect(script).toMatch(/^window\._translations=\{.*"Hello":"Hallo".*\}\n$/)
  expect(script).not.toContain('Registrieren')
  const translated = readFileSync(join(root, 'dist/de/register.html'), 'utf8')
  const position = translated.search(`<script src="/assets/${catalog}" defer`)
  expect(position).toBeGreaterThan(0)
  expect(position).toBeLessThan(translated.indexOf('type="module"'))
  expect(readFileSync(join(root, 'dist/register.html'), 'utf8')).not.toContain('/assets/de-')
})

test('a catalog that lacks a text fails the build and names it', async () => {
  const { config } = createSite({ Register: 'Registrieren' })
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
  expect(await get(script)).toContain('"Hello":"Hallo"')

  writeCatalog({ ...german, Register: 'Anmelden' })
  expect(await get('/de/register.html')).toContain('<h1>Anmelden</h1>')
})
