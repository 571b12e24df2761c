/** A page of somebody else at the site's own origin, with the unchanged aws-amplify: passkeys belong to an origin. */

import { fileURLToPath } from 'node:url'
import type { JSHandle, Page } from '@playwright/test'
import type * as auth from 'aws-amplify/auth'
import { build } from 'vite'
import { ClientId, UserPoolId } from './pool-client.ts'

const path = '/amplify-page'
const program = fileURLToPath(new URL('./amplify-program.ts', import.meta.url))
let bundle: Promise<string> | undefined

/** Opens it anew, with what the origin has stored. @returns `aws-amplify/auth` in the page, configured for the local pool */
export async function openAmplifyPage(page: Page): Promise<JSHandle<typeof auth>> {
  bundle ??= bundleProgram()
  const script = await bundle
  // Without the site's headers: its policy is for its own scripts.
  await page.route(`**${path}.html`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>Amplify</title><script type="module" src="${path}.js"></script>`,
    }),
  )
  await page.route(`**${path}.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  )
  await page.goto(`${path}.html`)
  return await page.evaluateHandle(
    ([userPoolId, userPoolClientId]) => {
      window.amplify.configure({ userPoolId, userPoolClientId })
      return window.amplify.auth
    },
    [UserPoolId, ClientId] as const,
  )
}

async function bundleProgram(): Promise<string> {
  let code = ''
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'test:collect-code',
        generateBundle(_, files) {
          for (const file of Object.values(files)) if (file.type === 'chunk') code += file.code
        },
      },
    ],
    build: {
      write: false,
      rolldownOptions: { input: program, output: { codeSplitting: false } },
    },
  })
  return code
}
