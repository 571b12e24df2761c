/** The journeys that every rider makes, in each engine whose browser is installed. */

import { createAuthenticatorApp } from './support/authenticator-app.ts'
import { chromiumEngine } from './support/engines/chromium.ts'
import { type Engine, type EngineBrowser, retry, type Tab } from './support/engines/engine.ts'
import { firefoxEngine } from './support/engines/firefox.ts'
import { webkitEngine } from './support/engines/webkit.ts'
import { test as base, expect, type Rider } from './support/fixtures.ts'
import { createTranslator } from './support/translator.ts'

const engines = [chromiumEngine, firefoxEngine, webkitEngine]

const test = base.extend<{ readonly engine: Engine; readonly browserOfEngine: EngineBrowser }>({
  engine: [chromiumEngine, { option: true }],
  browserOfEngine: async ({ engine }, use) => {
    const browser = await engine.launch()
    await use(browser)
    await browser.close()
  },
})

function expectText(tab: Tab, text: string | RegExp): Promise<void> {
  return retry(async () => expect(await tab.text()).toMatch(text))
}

function expectPath(tab: Tab, path: string): Promise<void> {
  return retry(async () => expect(new URL(await tab.url()).pathname).toBe(path))
}

async function fillSignIn(tab: Tab, { email, password }: Rider): Promise<void> {
  await tab.fill('Email or username', email)
  await tab.fill('Password', password)
  await tab.press('Sign in')
}

for (const engine of engines) {
  test.describe(`${engine.name}:`, () => {
    test.use({ engine })
    test.skip(engine.missing !== undefined, engine.missing)
    test.slow()

    test(`a rider registers, is in after the code, signs out, mistypes the password and signs in in ${engine.name}`, async ({
      browserOfEngine,
      site,
      rider,
    }) => {
      const tab = await browserOfEngine.newTab()
      await tab.open(`${site.origin}/`)
      await tab.press('Giddy Up!')
      await expectPath(tab, '/register.html')
      await tab.fill('Email', rider.email)
      await tab.fill('Password', rider.password)
      await tab.fill('Confirm password', rider.password)
      await tab.press("Let's Ryde")
      await expectPath(tab, '/verify.html')
      await tab.fill('Verification code', await site.pool.latestCodeFor(rider.email))
      await expectText(tab, "Your email address is verified, and you're signed in.")
      await expectText(tab, 'Successfully Authenticated!')
      await expectPath(tab, '/ride.html')
      await tab.press(rider.email)
      await tab.press('Sign out')
      await expectText(tab, 'You are signed out.')
      await expectPath(tab, '/signin.html')
      await fillSignIn(tab, { ...rider, password: 'Unicorn-wrong-1' })
      await expectText(tab, "don't match")
      await tab.fill('Password', rider.password)
      await tab.press('Sign in')
      await expectText(tab, 'Successfully Authenticated!')
      await expectPath(tab, '/ride.html')
    })

    test(`a rider resets the password, and Back leads from the code to the address in ${engine.name}`, async ({
      browserOfEngine,
      site,
      rider,
    }) => {
      await site.pool.createConfirmedUser(rider)
      const tab = await browserOfEngine.newTab()
      await tab.open(`${site.origin}/forgot.html`)
      await tab.fill('Email', rider.email)
      await tab.press('Send code')
      await expectText(tab, 'Choose a new password')
      await tab.back()
      await expectText(tab, /^Reset your password$/m)
      await tab.press('I already have a code')
      await tab.fill('Verification code', await site.pool.latestCodeFor(rider.email))
      await tab.fill('New password', 'Pegasus-5678')
      await tab.press('Change password')
      await expectText(tab, 'Your password is changed.')
      await fillSignIn(tab, { ...rider, password: 'Pegasus-5678' })
      await expectText(tab, 'Successfully Authenticated!')
    })

    test(`a rider sets up an authenticator app and signs in with its code, and Back leads from the code to the form in ${engine.name}`, async ({
      browserOfEngine,
      site,
      rider,
    }) => {
      await site.pool.createConfirmedUser(rider)
      const tab = await browserOfEngine.newTab()
      await tab.open(`${site.origin}/signin.html?next=/account.html`)
      await fillSignIn(tab, rider)
      await tab.press('Set up an authenticator app')
      await expectText(tab, 'Set up your app')
      const [key = ''] = /(?:[A-Z2-7]{4} ){3,}[A-Z2-7]{4}/.exec(await tab.text()) ?? []
      const app = createAuthenticatorApp(key.replaceAll(' ', ''))
      await tab.press("I've saved the setup key")
      await tab.fill('Verification code from the app', app.code(0))
      await tab.press('Turn on')
      await expectText(tab, 'Authenticator app turned on.')
      await tab.press(rider.email)
      await tab.press('Sign out')
      await expectText(tab, 'You are signed out.')

      await tab.open(`${site.origin}/`)
      await tab.open(`${site.origin}/signin.html`)
      await fillSignIn(tab, rider)
      await expectText(tab, 'Enter your code')
      await tab.back()
      await expectText(tab, 'Keep me signed in')
      await tab.fill('Password', rider.password)
      await tab.press('Sign in')
      await tab.fill('Verification code', app.code(1))
      await tab.press('Sign in')
      await expectText(tab, 'Successfully Authenticated!')
      await tab.back()
      await expectPath(tab, '/')
    })

    // Two that run from right to left, one in characters of two bytes and more, and one with long words.
    for (const lang of engine === chromiumEngine ? [] : ['ja', 'ar', 'he', 'de']) {
      test(`a rider registers, mistypes and signs out in the language ${lang} in ${engine.name}`, async ({
        browserOfEngine,
        site,
        rider,
      }) => {
        const t = createTranslator(lang)
        const tab = await browserOfEngine.newTab()
        await tab.open(`${site.origin}/${lang}/register.html`)
        const press = t("Let's Ryde<span> — create your account</span>").replace(/<[^>]*>/g, '')
        await tab.press(press)
        await expectText(tab, t('Enter your email address'))
        await tab.fill(t('Email'), rider.email)
        await tab.fill(t('Password'), rider.password)
        await tab.fill(t('Confirm password'), rider.password)
        await tab.press(press)
        await expectPath(tab, `/${lang}/verify.html`)
        await tab.fill(t('Verification code'), await site.pool.latestCodeFor(rider.email))
        await expectText(tab, t("Your email address is verified, and you're signed in."))
        await expectPath(tab, `/${lang}/ride.html`)
        await tab.press(rider.email)
        await tab.press(t('Sign out'))
        await expectText(tab, t('You are signed out.'))
        await expectPath(tab, `/${lang}/signin.html`)
      })
    }

    test(`a second tab is signed in too, and signing out there signs out the first in ${engine.name}`, async ({
      browserOfEngine,
      site,
      rider,
    }) => {
      await site.pool.createConfirmedUser(rider)
      const first = await browserOfEngine.newTab()
      await first.open(`${site.origin}/signin.html`)
      await fillSignIn(first, rider)
      await expectText(first, 'Successfully Authenticated!')
      const second = await browserOfEngine.newTab()
      await second.open(`${site.origin}/account.html`)
      await expectText(second, 'Codes that we email you go to this address.')
      await second.press(rider.email)
      await second.press('Sign out')
      await expectText(second, 'You are signed out.')
      await expectText(first, 'You are signed out.')
      await expectPath(first, '/signin.html')
    })
  })
}
