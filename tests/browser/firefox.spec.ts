/** The happy path in Firefox, where it is installed. */

import { test as base } from './support/fixtures.ts'
import { type Firefox, findFirefox, launchFirefox } from './support/launch-firefox.ts'

const program = findFirefox()

const test = base.extend<{ firefox: Firefox }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures asked for from this pattern.
  firefox: async ({}, use) => {
    const firefox = await launchFirefox(program ?? '')
    await use(firefox)
    await firefox.close()
  },
})

test.skip(program === undefined, 'no Firefox is installed here')

test('happy path in Firefox: a rider registers, verifies, signs in, rides and signs out', async ({
  firefox,
  site,
  rider,
}) => {
  test.slow()
  const isAt = (path: string) => firefox.waitFor(`location.pathname === '${path}'`)
  const isReady = (form: string) =>
    firefox.waitFor(`document.querySelector('${form} [type=submit]:enabled')`)

  await firefox.open(`${site.origin}/`)
  await firefox.click('.hero a.button')
  await isAt('/register.html')
  await isReady('#register')
  await firefox.type('#email', rider.email)
  await firefox.type('#new-password', rider.password)
  await firefox.type('#confirm-password', rider.password)
  await firefox.click('#register [type=submit]')

  await isAt('/verify.html')
  await isReady('#verify')
  await firefox.type('#code', await site.pool.latestCodeFor(rider.email))

  await isAt('/signin.html')
  await isReady('#signin')
  await firefox.type('#current-password', 'Unicorn-wrong-1')
  await firefox.click('#signin [type=submit]')
  await firefox.waitFor(`document.activeElement.matches('#current-password[aria-invalid=true]')`)
  await firefox.type('#current-password', rider.password)
  await firefox.click('#signin [type=submit]')

  await isAt('/ride.html')
  await firefox.waitFor(`document.querySelector('#content').checkVisibility()`)
  await firefox.waitFor(`document.querySelector('#user-name').textContent === '${rider.email}'`)
  await firefox.click('#menu-button')
  await firefox.click('#sign-out')
  await isAt('/signin.html')
  await firefox.waitFor(`document.querySelector('#status').textContent === 'You are signed out.'`)
})
