/** `/licenses.txt` in the dev server; what the build writes is tested in tests/repo/built-site.test.ts. */

import { createServer } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { licenses } from '../../../src/build/licenses.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

test('dev: the file that the footer links to says that the build writes it', async () => {
  const server = await createServer({
    configFile: false,
    root: createTempFolder(),
    appType: 'mpa',
    logLevel: 'silent',
    plugins: [licenses()],
    server: { port: 0, host: 'localhost' },
  })
  onTestFinished(() => server.close())
  await server.listen()
  const address = server.httpServer?.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const response = await fetch(`http://localhost:${port}/licenses.txt`)
  expect(response.status).toBe(200)
  expect(response.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
  expect(await response.text()).toContain('npm run build writes the licenses')
})
