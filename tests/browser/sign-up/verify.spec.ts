/** Verifying the address: codes right, wrong, pasted, expired and sent again. */

import type { Page, Request } from '@playwright/test'
import { expect, poolApi, test } from '../support/fixtures.ts'
import {
  expectProblems,
  expectRidePage,
  fillSignIn,
  holdScript,
  register,
} from '../support/rider-actions.ts'

/** A code that is not `code`. */
function wrong(code: string): string {
  return code === '000000' ? '111111' : '000000'
}

test('a complete code submits itself once; after a refusal the button decides', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  let tries = 0
  await page.route(poolApi, async (route) => {
    tries += 1
    await route.continue()
  })
  const field = page.getByLabel('Verification code')
  await field.pressSequentially(wrong(code))
  await expectProblems(page, [/This code is not right/])
  await field.fill('')
  await field.pressSequentially(code)
  expect(tries).toBe(1)
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page).toHaveURL(/signin/)
  expect(tries).toBe(2)
})

test('a refused code stays and is selected, and nothing is sent by itself', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = wrong(await site.pool.latestCodeFor(rider.email))
  const field = page.getByLabel('Verification code')
  await field.fill(code)
  await expectProblems(page, [/This code is not right/])
  await expect(field).toHaveValue(code)
  await expect(field).toBeFocused()
  expect(
    await field.evaluate((input) =>
      input instanceof HTMLInputElement
        ? input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0)
        : '',
    ),
  ).toBe(code)
  expect(await site.pool.lettersTo(rider.email)).toHaveLength(1)
  await expect(page.getByRole('button', { name: 'Resend code' })).toHaveText('Resend code')
})

for (const [what, dress] of [
  [
    'with spaces and a dash',
    (code: string) => `${code.slice(0, 2)} ${code.slice(2, 4)}-${code.slice(4)}`,
  ],
  ['with a line break', (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)}\n`],
  [
    'in full-width digits',
    (code: string) => code.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  ],
] as const) {
  test(`a code pasted ${what} is accepted`, async ({ page, site, rider }) => {
    await register(page, rider)
    await page.evaluate(
      (text) => navigator.clipboard.writeText(text),
      dress(await site.pool.latestCodeFor(rider.email)),
    )
    await page.getByLabel('Verification code').press('ControlOrMeta+v')
    await expect(page).toHaveURL(/signin/)
  })
}

test('what is no code is refused before it is sent', async ({ page, rider }) => {
  await register(page, rider)
  await page.getByRole('button', { name: 'Verify' }).click()
  await expectProblems(page, ['Enter the 6-digit code'])
  await page.getByLabel('Verification code').fill('12ab')
  await page.getByRole('button', { name: 'Verify' }).click()
  await expectProblems(page, ['Enter the code as 6 digits'])
})

test('an expired code says so, and a new one works', async ({ page, site, rider }) => {
  await register(page, rider)
  const old = await site.pool.latestCodeFor(rider.email)
  await site.pool.advanceClock(24 * 3600 + 1)
  await page.getByLabel('Verification code').fill(old)
  await expectProblems(page, [/This code no longer works/])
  await page.getByRole('button', { name: 'Resend code' }).click()
  await expect(page.getByRole('status')).toHaveText(/new code is on its way/)
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page).toHaveURL(/signin/)
})

test('resend sends one letter, counts down across a reload, and is read out twice in all', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await register(page, rider)
  await expect(page.getByRole('status')).toHaveText(/Your account is made/)
  await page.evaluate(() => {
    const status = document.querySelector('[role=status]')
    if (!status) throw new Error('no status region')
    new MutationObserver(() => {
      const told = JSON.parse(sessionStorage.getItem('told') ?? '[]')
      sessionStorage.setItem('told', JSON.stringify([...told, status.textContent]))
    }).observe(status, { childList: true, characterData: true, subtree: true })
  })
  const button = page.getByRole('button', { name: 'Resend code' })
  await button.click()
  await expect(button).toHaveText(/in 30 s/)
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  expect(await site.pool.lettersTo(rider.email)).toHaveLength(2)

  await page.clock.runFor(10_000)
  await expect(button).toHaveText(/in 20 s/)
  await button.click({ force: true })
  expect(await site.pool.lettersTo(rider.email)).toHaveLength(2)
  await page.clock.runFor(20_000)
  await expect(button).toHaveText('Resend code')
  expect(await page.evaluate(() => sessionStorage.getItem('told'))).toBe(
    JSON.stringify([
      'A new code is on its way. You can ask for another one in 30 seconds.',
      'You can ask for a new code now.',
    ]),
  )

  await button.click()
  await expect(button).toHaveText(/in 30 s/)
  await page.clock.runFor(12_000)
  await page.reload()
  await expect(button).toHaveText(/in 1\d s/)
  await expect(page.getByRole('status')).toHaveText('')
  await page.clock.runFor(18_000)
  await expect(button).toHaveText('Resend code')
  await expect(page.getByRole('status')).toHaveText('You can ask for a new code now.')
})

test('a wrong code sends no letter, and does not restart the wait for the next one', async ({
  page,
  site,
  rider,
}) => {
  await page.clock.install()
  await register(page, rider)
  // The time stands still but for what the test lets pass.
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000))
  const resend = page.getByRole('button', { name: 'Resend code' })
  await resend.click()
  await expect(resend).toHaveText('Resend code in 30 s')
  await page.clock.runFor(10_000)
  await expect(resend).toHaveText('Resend code in 20 s')
  await page.getByLabel('Verification code').fill(wrong(await site.pool.latestCodeFor(rider.email)))
  await expectProblems(page, [/This code is not right/])
  await expect(resend).toHaveText('Resend code in 20 s')
  await page.clock.runFor(19_000)
  await expect(resend).toHaveText('Resend code in 1 s')
  await page.clock.runFor(1000)
  await expect(resend).toHaveText('Resend code')
  expect(await site.pool.lettersTo(rider.email)).toHaveLength(2)
})

test('a wrong address can be changed without typing the rest of it again', async ({
  page,
  rider,
}) => {
  await register(page, rider)
  await page.getByRole('link', { name: 'Change it' }).click()
  await expect(page).toHaveURL(/register/)
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  await expect(page.getByLabel('Confirm password')).toHaveValue('')
})

test('an address that is verified already leads to sign-in', async ({ page, site, rider }) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  await site.pool.call('ConfirmSignUp', {
    ClientId: 'wildrydeswebapplocal000000',
    Username: rider.email,
    ConfirmationCode: code,
  })
  await page.getByLabel('Verification code').fill(code)
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByRole('status')).toHaveText(/already verified/)
})

test('a rider who never verified is led there at sign-in, with a new code, and on to her goal', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  await page.goto('/ride.html?pickup=1')
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/verify\.html/)
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect.poll(() => site.pool.lettersTo(rider.email)).toHaveLength(2)
  await expect(page.getByRole('status')).toHaveText(/new code is on its way/)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Resend code' })).toHaveText(/in \d+ s/)
  expect(await site.pool.lettersTo(rider.email)).toHaveLength(2)

  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await expect(page).toHaveURL(/signin\.html/)
  await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  await page.getByLabel('Password', { exact: true }).fill(rider.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
  await expect(page).toHaveURL(`${site.origin}/ride.html?pickup=1`)
})

test('nobody is told of a letter that was never sent', async ({ page, rider }) => {
  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectProblems(page, [/do not match/])
  await page.goto('/verify.html')
  await expect(page.getByLabel('Email')).toHaveValue(rider.email)
  await expect(page.getByText('We emailed')).toBeHidden()
})

test('a code typed before the script came is submitted when it comes', async ({
  page,
  context,
  site,
  rider,
}) => {
  await register(page, rider)
  const late = await context.newPage()
  await late.addInitScript((email) => sessionStorage.setItem('wildrydes.email', email), rider.email)
  const release = await holdScript(late)
  await late.goto(`${site.origin}/verify.html`, { waitUntil: 'commit' })
  await late.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  release()
  await expect(late).toHaveURL(/signin/)
})

test.describe("the link of a rider's letter", () => {
  let code = ''

  test.beforeEach(async ({ site, rider }) => {
    await site.pool.registerUser(rider)
    code = await site.pool.latestCodeFor(rider.email)
  })

  /** @returns how often a code was sent since */
  function countTries(page: Page): () => number {
    let tries = 0
    page.on('request', (request) => {
      if (request.headers()['x-amz-target']?.endsWith('.ConfirmSignUp')) tries += 1
    })
    return () => tries
  }

  test('verifies at once, keeps her goal, and is gone from the address bar and the history', async ({
    page,
    site,
    rider,
  }) => {
    const tries = countTries(page)
    const requests: Request[] = []
    page.on('request', (request) => requests.push(request))
    const next = new URLSearchParams({ next: '/ride.html?pickup=1#map' })
    const dressed = `${code.slice(0, 2)}%20${code.slice(2, 4)}-${code.slice(4)}`
    await page.goto(`/verify.html?${next}&email=${encodeURIComponent(rider.email)}#code=${dressed}`)
    await expect(page).toHaveURL(`${site.origin}/signin.html?${next}`)
    await expect(page.getByRole('status')).toHaveText(/is verified/)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    expect(tries()).toBe(1)
    expect(await page.evaluate(() => document.referrer)).not.toContain('rider')

    await page.goBack()
    await expect(page).toHaveURL(`${site.origin}/verify.html?${next}`)
    await expect(page.getByRole('button', { name: 'Verify' })).toBeEnabled()
    await page.goForward()
    await page.getByLabel('Password', { exact: true }).fill(rider.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expectRidePage(page)
    await expect(page).toHaveURL(`${site.origin}/ride.html?pickup=1#map`)
    expect(tries()).toBe(1)
    // The first request is the link itself.
    const [, ...others] = requests
    const told = others.map((request) => request.url()).join('\n')
    for (const part of [rider.email, encodeURIComponent(rider.email), code, dressed]) {
      expect(told).not.toContain(part)
    }
  })

  test('tells no other request of its address and code', async ({ page, rider }) => {
    const requests: Request[] = []
    page.on('request', (request) => requests.push(request))
    await page.goto(`/verify.html?email=${encodeURIComponent(rider.email)}#code=${code}`)
    await expect(page).toHaveURL(/signin/)
    const referrers = await Promise.all(requests.map((request) => request.headerValue('referer')))
    expect(referrers.filter((referrer) => referrer?.includes('rider'))).toEqual([])
  })

  test('with a code that is refused stays, and does not try again by itself', async ({
    page,
    site,
    rider,
  }) => {
    const tries = countTries(page)
    await page.goto(`/verify.html?email=${encodeURIComponent(rider.email)}#code=${wrong(code)}`)
    await expectProblems(page, [/This code is not right/])
    await expect(page).toHaveURL(`${site.origin}/verify.html`)
    const field = page.getByLabel('Verification code')
    await expect(field).toHaveValue(wrong(code))
    await expect(field).toBeFocused()
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)

    // A browser may bring the code back after a reload, before the script comes.
    const release = await holdScript(page)
    await page.reload({ waitUntil: 'commit' })
    await field.fill(wrong(code))
    release()
    await expect(page.getByRole('button', { name: 'Verify' })).toBeEnabled()
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)
    await expect(field).toHaveValue(wrong(code))
    await expect(page.getByText('There is a problem')).toBeHidden()
    await field.fill('')
    expect(tries()).toBe(1)
    expect(await site.pool.lettersTo(rider.email)).toHaveLength(1)
    await field.fill(code)
    await expect(page).toHaveURL(/signin/)
    expect(tries()).toBe(2)
  })

  test('may lack the code or the address, and she adds what is missing', async ({
    page,
    site,
    rider,
  }) => {
    const tries = countTries(page)
    await page.goto(`/verify.html?email=${encodeURIComponent(rider.email)}`)
    await expect(page).toHaveURL(`${site.origin}/verify.html`)
    await expect(page.getByLabel('Email')).toHaveValue(rider.email)
    await expect(page.getByLabel('Verification code')).toHaveValue('')
    await page.evaluate(() => sessionStorage.clear())

    // A page of its own: on this one, a new fragment alone would open nothing.
    await page.goto('/')
    await page.goto(`/verify.html#code=${code}`)
    await expect(page).toHaveURL(`${site.origin}/verify.html`)
    await expect(page.getByLabel('Verification code')).toHaveValue(code)
    await page.getByRole('button', { name: 'Verify' }).click()
    await expectProblems(page, ['Enter your email address'])
    expect(tries()).toBe(0)
    await page.getByLabel('Email').fill(rider.email)
    await page.getByLabel('Email').press('Enter')
    await expect(page).toHaveURL(/signin/)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    expect(tries()).toBe(1)
  })

  test('is only text, whatever it carries', async ({ page, site }) => {
    const markup = '"><img src=x onerror=window.__pwned=1><script>window.__pwned=1</script>'
    const tries = countTries(page)
    let expectedTries = 0
    for (const [email, linkedCode] of [
      [markup, markup],
      ['x'.repeat(2000), '1'.repeat(2000)],
      [markup, '123456'],
      [`${'x'.repeat(2000)}@example.com`, '123456'],
      ['javascript:window.__pwned=1', '{{window.__pwned=1}}'],
    ] as const) {
      const isSent = linkedCode === '123456'
      const { search } = new URL(`?${new URLSearchParams({ email })}`, site.origin)
      await page.goto(`/verify.html${search}#${new URLSearchParams({ code: linkedCode })}`)
      await expect(page).toHaveURL(`${site.origin}/verify.html`)
      await expect(page.getByLabel('Email')).toHaveValue(email)
      await expect(page.getByLabel('Verification code')).toHaveValue(linkedCode)
      if (!isSent) await page.getByRole('button', { name: 'Verify' }).click()
      await expect(page.getByText('There is a problem')).toBeVisible()
      expectedTries += isSent ? 1 : 0
      expect(tries()).toBe(expectedTries)
      expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
      await expect(page.getByRole('main').getByRole('img')).toHaveCount(0)
    }
  })
})
