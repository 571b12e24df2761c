/** The watch for page errors that every browser test has. */

import { expect, test, watchForPageErrors } from '../support/fixtures.ts'

test('fixtures: uncaught errors, dialogs and policy violations are seen by the watch that every test has', async ({
  browser,
  site,
}) => {
  const page = await browser.newPage()
  const pageErrors = watchForPageErrors(page)
  await page.goto(`${site.origin}/`)
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error('thrown in a timer')
    })
    void Promise.reject(new Error('rejected, and nobody cared'))
    setTimeout(() => {
      new Image().src = 'http://other.test/'
      document.body.innerHTML = '<b>markup</b>'
    })
    setTimeout(() => alert('a dialog'))
  })
  for (const words of [
    /^uncaught: thrown in a timer/m,
    /^uncaught: rejected, and nobody cared/m,
    /Content Security Policy directive: "img-src/,
    /TrustedHTML/,
    /^dialog: a dialog/m,
  ]) {
    await expect.poll(() => pageErrors.join('\n')).toMatch(words)
  }
  await page.close()
})
