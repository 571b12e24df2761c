/**
 * Chromium's virtual authenticator: a device that makes and uses passkeys, driven over the DevTools protocol. It belongs to one
 * page and outlives its navigations.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/
 */

import type { Page } from '@playwright/test'
import type { Rider, Site } from './fixtures.ts'

export interface VirtualAuthenticator {
  /** Whether somebody is there to choose: if not, requests from now on wait, and autofill is ignored. */
  setPresent(isPresent: boolean): Promise<void>
  /** Whether the device recognizes its owner: if not, a request ends as a canceled one does. */
  setUserVerified(isVerified: boolean): Promise<void>
  /** @returns ids of the passkeys on it, base64 */
  listPasskeys(): Promise<readonly string[]>
  clear(): Promise<void>
  /** ids, base64, that pages have told it are no passkeys any more */
  readonly toldGone: readonly string[]
  /** names under which pages have told it to list passkeys */
  readonly toldNames: readonly string[]
}

/** Adds one with a passkey store and user verification, as phones and laptops have it. */
export async function addVirtualAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('WebAuthn.enable')
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  const toldGone: string[] = []
  const toldNames: string[] = []
  devTools.on('WebAuthn.credentialDeleted', ({ credentialId }) => toldGone.push(credentialId))
  devTools.on('WebAuthn.credentialUpdated', ({ credential }) =>
    toldNames.push(credential.userName ?? ''),
  )
  return {
    toldGone,
    toldNames,
    async setPresent(enabled) {
      await devTools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
    async setUserVerified(isUserVerified) {
      await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    async listPasskeys() {
      const { credentials } = await devTools.send('WebAuthn.getCredentials', { authenticatorId })
      return credentials.map(({ credentialId }) => credentialId)
    },
    async clear() {
      await devTools.send('WebAuthn.clearCredentials', { authenticatorId })
    },
  }
}

/** Lets requests of the pages opened from now on wait. @returns lets the browser handle them */
export async function holdPasskeyRequests(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const { get } = CredentialsContainer.prototype
    const released = new Promise((resolve) => addEventListener('release-passkeys', resolve))
    CredentialsContainer.prototype.get = async function (options) {
      await released
      return get.call(this, options)
    }
  })
  return () => page.evaluate(() => void dispatchEvent(new Event('release-passkeys')))
}

/**
 * Makes a passkey for a rider through the service's own operations and the browser's authenticator, as a page of the site
 * does. No page of the site is open then.
 */
export async function registerPasskey(page: Page, { pool }: Site, rider: Rider): Promise<void> {
  const { accessToken: AccessToken } = await pool.signIn(rider)
  const started = await pool.call('StartWebAuthnRegistration', { AccessToken })
  // Passkeys belong to the origin: any file of it will do, and this one has no script.
  await page.goto('/robots.txt')
  const Credential = await page.evaluate(async (options) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    const credential = await navigator.credentials.create({ publicKey })
    if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey was made')
    return credential.toJSON()
    // The browser's parser checks what the pool gives.
  }, started.body.CredentialCreationOptions as PublicKeyCredentialCreationOptionsJSON)
  const completed = await pool.call('CompleteWebAuthnRegistration', { AccessToken, Credential })
  if (completed.status !== 200) throw new Error(`no passkey: ${JSON.stringify(completed)}`)
}
