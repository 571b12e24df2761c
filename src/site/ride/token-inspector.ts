/**
 * The rider's tokens, for whoever wants to know what an API gets: copied on request, decoded on this page
 * and shown only while she looks. Nothing of them is sent anywhere or kept.
 */

import { describeClaim } from '#words/claims.ts'
import { rideWords } from '#words/ride.ts'
import type { Token } from '../auth/session/jwt.ts'
import type { Session } from '../auth/session/session.ts'
import type { SignedInPage } from '../layout/protected-page.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import type { Location } from './places.ts'
import { toRideBody, toRideUrl } from './ride-api-client.ts'
import { describeRideError } from './ride-errors.ts'

export interface TokenLens {
  show(session: Session): void
  hide(): void
}

export interface TokenLensOptions {
  readonly forRider: SignedInPage['forRider']
  /** of the ride API; `undefined` while there is none */
  readonly invokeUrl: string | undefined
}

/** stands in a curl line for an API that is not there yet */
const placeholderUrl = 'https://API_ID.execute-api.us-east-1.amazonaws.com/prod'
const examplePickup: Location = { latitude: 47.6097, longitude: -122.3422 }

export function bindTokenLens({ forRider, invokeUrl }: TokenLensOptions): TokenLens {
  const lens = requireElement('#token-lens', HTMLDetailsElement)
  const timeLeft = requireElement('#time-left', HTMLElement)
  const selection = requireElement('#copy-selection', HTMLElement)
  let session: Session | undefined

  lens.addEventListener('toggle', fill)
  setInterval(showTimeLeft, 1000)
  bindCopy('#copy-token', rideWords.tokenCopied, ({ idToken }) => idToken.jwt)
  bindCopy('#copy-access-token', rideWords.accessTokenCopied, (of) => of.accessToken.jwt)
  bindCopy('#copy-header', rideWords.headerCopied, (of) => `Authorization: ${of.idToken.jwt}`)
  bindCopy('#copy-curl', rideWords.curlCopied, ({ idToken }) =>
    [
      `curl ${quote(toRideUrl(invokeUrl === undefined ? placeholderUrl : absolute(invokeUrl)))}`,
      `-H ${quote(`Authorization: ${idToken.jwt}`)}`,
      `-H ${quote('Content-Type: application/json')}`,
      `-d ${quote(toRideBody(examplePickup))}`,
    ].join(' '),
  )
  return { show, hide }

  function show(present: Session): void {
    session = present
    fill()
    showTimeLeft()
  }

  function hide(): void {
    session = undefined
    lens.open = false
    fill()
    showTimeLeft()
    selection.textContent = ''
  }

  /** Only while the lens is open: what nobody looks at is not in the page. */
  function fill(): void {
    const shown = lens.open ? session : undefined
    showToken(shown?.idToken, { jwt: '#id-token', claims: '#claims' })
    showToken(shown?.accessToken, { jwt: '#access-token', claims: '#access-claims' })
  }

  function showTimeLeft(): void {
    const seconds = session ? Math.floor((session.expiresAtMs - Date.now()) / 1000) : undefined
    if (seconds === undefined) timeLeft.textContent = ''
    else {
      timeLeft.textContent = seconds > 0 ? rideWords.timeLeft(seconds) : rideWords.tokenExpired
    }
  }

  function bindCopy(selector: string, copied: string, toText: (of: Session) => string): void {
    requireElement(selector, HTMLButtonElement).addEventListener(
      'click',
      () => void copyFresh(copied, toText),
    )
  }

  async function copyFresh(copied: string, toText: (of: Session) => string): Promise<void> {
    try {
      await forRider(async (fresh) => {
        show(fresh)
        await copy(toText(fresh), copied)
        return () => undefined
      })
    } catch (error) {
      announce(describeRideError(error))
    }
  }

  async function copy(text: string, copied: string): Promise<void> {
    selection.textContent = ''
    try {
      await navigator.clipboard.writeText(text)
      announce(copied)
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error
      // No clipboard here, or not allowed: the rider copies what is selected.
      selection.textContent = text
      getSelection()?.selectAllChildren(selection)
      selection.scrollIntoView({ block: 'nearest' })
      announce(rideWords.selected)
    }
  }
}

function showToken(token: Token | undefined, places: { jwt: string; claims: string }): void {
  requireElement(places.jwt, HTMLElement).textContent = token?.jwt ?? ''
  requireElement(places.claims, HTMLElement).replaceChildren(
    ...Object.entries(token?.claims ?? {}).flatMap(([name, value]) => [
      createElement('dt', name),
      createElement('dd', typeof value === 'string' ? value : JSON.stringify(value), 'value'),
      createElement('dd', describeClaim(name, value)),
    ]),
  )
}

function absolute(url: string): string {
  return new URL(url, location.href).href
}

/** One word for a POSIX shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
