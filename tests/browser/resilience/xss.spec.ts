/** Hostile text in URLs and addresses, and pages in frames. */

import { expect, pagePaths, test, watchForPageErrors } from '../support/fixtures.ts'
import { ClientId } from '../support/pool-client.ts'

test('clickjacking: no page can be framed', async ({ browser, site }) => {
  const page = await browser.newPage()
  for (const path of pagePaths) {
    await page.route('http://other.test/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe src="${site.origin}${path}"></iframe>`,
      }),
    )
    await page.goto('http://other.test/')
    await expect.poll(() => page.frames().at(-1)?.url()).toMatch(/^chrome-error:/)
    await expect(page.frameLocator('iframe').getByRole('heading', { level: 1 })).toHaveCount(0)
    await page.unrouteAll()
  }
  await page.close()
})

for (const payload of [
  '<img src=x onerror=window.__pwned=1>',
  '"><script>window.__pwned=1</script>',
  'javascript:window.__pwned=1',
  '{{constructor.constructor("window.__pwned=1")()}}',
  '\u05e9\u05dc\u05d5\u05dd',
]) {
  test(`XSS: ${JSON.stringify(payload)} in an email address is shown as text by the verify page and the console`, async ({
    page,
    site,
    rider,
  }) => {
    const email = `a${payload.replaceAll(/[\s@]/g, '')}@example.com`
    // The register page takes no such address, and the pool does.
    await site.pool.call('SignUp', {
      ClientId,
      Username: email,
      Password: rider.password,
      UserAttributes: [{ Name: 'email', Value: email }],
    })
    await page.goto('/register.html')
    await page.evaluate((recipient) => {
      localStorage.setItem('wildrydes.waitingAddress', `${Date.now()} ${recipient}`)
      sessionStorage.setItem('wildrydes.email', recipient)
    }, email)
    await page.goto('/verify.html')
    await expect(page.locator('#sent-to strong')).toHaveText(email)
    const inbox = await page.context().newPage()
    const pageErrors = watchForPageErrors(inbox)
    for (const path of ['/console/', '/console/users']) {
      await inbox.goto(site.origin + path)
      await expect(inbox.getByText(email).first()).toBeVisible()
      expect(await inbox.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
    }
    expect(pageErrors).toEqual([])
    expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
  })
}

const payloads = [
  '<script>window.__pwned=1</script>',
  '<img src=x onerror=window.__pwned=1>',
  '<svg onload=window.__pwned=1>',
  '<svg><script>window.__pwned=1</script></svg>',
  '"><script>window.__pwned=1</script>',
  "'><img src=x onerror='window.__pwned=1'>",
  '</title><script>window.__pwned=1</script>',
  '</textarea><script>window.__pwned=1</script>',
  '<iframe srcdoc="<script>parent.__pwned=1</script>">',
  '<a href="javascript:window.__pwned=1" autofocus onfocus=window.__pwned=1>x</a>',
  '<body onload=window.__pwned=1>',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<form action=https://evil.example/><button>',
  '<style>*{display:none}</style>',
  'javascript:window.__pwned=1',
  'data:text/html,<script>window.__pwned=1</script>',
  '{{constructor.constructor("window.__pwned=1")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must not be read as one.
  '${window.__pwned=1}',
  '__proto__[__pwned]=1',
  '%3Cscript%3Ewindow.__pwned=1%3C/script%3E',
  '\u202e\u2066\u0000\ufeff',
  '%',
  '%E0%A4%A',
]

for (const path of pagePaths) {
  test(`XSS and open redirect: hostile text in the URL of ${path} becomes no markup and leads to no other origin`, async ({
    page,
    site,
  }) => {
    const outside: string[] = []
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== site.origin) outside.push(request.url())
    })
    const shape = () =>
      page.evaluate(() =>
        [...document.body.querySelectorAll('*')].map(({ tagName }) => tagName).join(),
      )
    const leave = path === '/ride.html' || path === '/account.html' ? '/signin.html' : path
    const open = async (address: string) => {
      await page.goto(address)
      await expect.poll(() => new URL(page.url()).pathname).toBe(leave)
      await expect(page.getByRole('link', { name: 'Sign in' }).first()).toBeVisible()
    }
    await open(path)
    const clean = await shape()
    for (const payload of [payloads.join(' '), ...payloads.slice(-6)]) {
      const encoded = encodeURIComponent(payload)
      // Encoded as a form does it, and as it is typed.
      for (const part of payload.includes('<') ? [encoded] : [encoded, payload]) {
        await open(`${path}?email=${part}&next=${part}&x=${part}#code=${part}`)
        expect(await shape(), payload).toBe(clean)
        expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
        expect(new URL(page.url()).origin).toBe(site.origin)
      }
    }
    expect(outside).toEqual([])
  })
}
