/**
 * The user's tokens, for whoever wants to know what an API gets: copied on request, decoded on this page and shown
 * only while the inspector is open. Nothing of them is sent anywhere or stored.
 */

import type { Jwt, Session } from '../auth/index.ts'
import { done } from '../forms/submit-result.ts'
import { t, withTexts } from '../i18n/t.ts'
import type { WithSession } from '../layout/protected-page.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { NetworkError } from '../lib/network-error.ts'
import type { Location } from './places.ts'
import { toRideBody, toRideUrl } from './ride-api-client.ts'
import { describeRideError } from './ride-errors.ts'

export interface TokenInspector {
  show(session: Session): void
  hide(): void
}

export interface TokenInspectorOptions {
  readonly withSession: WithSession
  /** of the ride API; `undefined` while there is none */
  readonly invokeUrl: string | undefined
}

/** stands in a curl command while there is no API */
const placeholderUrl = 'https://API_ID.execute-api.us-east-1.amazonaws.com/prod'
const examplePickup: Location = { latitude: 47.6097, longitude: -122.3422 }

const noDescription = (_name: string, _value: unknown): string => ''
/** Most riders never open the inspector: 1 kB. */
const loadClaims = lazyImport(withTexts(() => import('./token-claims.ts')))

export function bindTokenInspector({
  withSession,
  invokeUrl,
}: TokenInspectorOptions): TokenInspector {
  const inspector = requireElement('#token-inspector', HTMLDetailsElement)
  const timeLeft = requireElement('#time-left', HTMLElement)
  const selection = requireElement('#copy-selection', HTMLElement)
  let session: Session | undefined

  inspector.addEventListener('toggle', () => void fill())
  setInterval(showTimeLeft, 1000)
  bindCopy('#copy-token', t('Token copied.'), ({ idToken }) => idToken.jwt)
  bindCopy('#copy-access-token', t('Access token copied.'), ({ accessToken }) => accessToken.jwt)
  bindCopy(
    '#copy-header',
    t('Authorization header copied.'),
    ({ idToken }) => `Authorization: ${idToken.jwt}`,
  )
  bindCopy('#copy-curl', t('Curl line copied.'), ({ idToken }) =>
    [
      `curl ${quoteForShell(toRideUrl(invokeUrl === undefined ? placeholderUrl : toAbsoluteUrl(invokeUrl)))}`,
      `-H ${quoteForShell(`Authorization: ${idToken.jwt}`)}`,
      `-H ${quoteForShell('Content-Type: application/json')}`,
      `-d ${quoteForShell(toRideBody(examplePickup))}`,
    ].join(' '),
  )
  return { show, hide }

  function show(current: Session): void {
    session = current
    void fill()
    showTimeLeft()
  }

  function hide(): void {
    session = undefined
    inspector.open = false
    void fill()
    showTimeLeft()
    selection.textContent = ''
  }

  /** Only while the inspector is open: what nobody looks at is not in the page. */
  async function fill(): Promise<void> {
    const describe = inspector.open ? await loadDescription() : noDescription
    const shown = inspector.open ? session : undefined
    showToken(shown?.idToken, { jwt: '#id-token', claims: '#claims' }, describe)
    showToken(shown?.accessToken, { jwt: '#access-token', claims: '#access-claims' }, describe)
  }

  function showTimeLeft(): void {
    const seconds = session ? Math.floor((session.expiresAtMs - Date.now()) / 1000) : undefined
    if (seconds === undefined) timeLeft.textContent = ''
    else {
      timeLeft.textContent = seconds > 0 ? formatTimeLeft(seconds) : t('expired')
    }
  }

  function bindCopy(selector: string, copied: string, toText: (session: Session) => string): void {
    requireElement(selector, HTMLButtonElement).addEventListener(
      'click',
      () => void copyFresh(copied, toText),
    )
  }

  async function copyFresh(copied: string, toText: (session: Session) => string): Promise<void> {
    try {
      await withSession(async (fresh) => {
        show(fresh)
        await copy(toText(fresh), copied)
        return done()
      })
    } catch (error) {
      announce(await describeRideError(error))
    }
  }

  async function copy(text: string, copied: string): Promise<void> {
    selection.textContent = ''
    try {
      await navigator.clipboard.writeText(text)
      announce(copied)
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error
      // No clipboard, or not allowed: the user copies what is selected.
      selection.textContent = text
      getSelection()?.selectAllChildren(selection)
      selection.scrollIntoView({ block: 'nearest' })
      announce(t('The text is selected. Copy it with your keyboard or menu.'))
    }
  }
}

/** @returns what a claim means; nothing when the sentences cannot be fetched */
async function loadDescription(): Promise<typeof noDescription> {
  try {
    return (await loadClaims()).describeClaim
  } catch (error) {
    if (error instanceof NetworkError) return noDescription
    throw error
  }
}

function showToken(
  token: Jwt | undefined,
  places: { jwt: string; claims: string },
  describeClaim: typeof noDescription,
): void {
  requireElement(places.jwt, HTMLElement).textContent = token?.jwt ?? ''
  requireElement(places.claims, HTMLElement).replaceChildren(
    ...Object.entries(token?.claims ?? {}).flatMap(([name, value]) => {
      const description = createElement('dd', describeClaim(name, value))
      // The list is from left to right, as names and values are.
      description.dir = document.dir
      return [
        createElement('dt', name),
        createElement('dd', typeof value === 'string' ? value : JSON.stringify(value), 'value'),
        description,
      ]
    }),
  )
}

function toAbsoluteUrl(url: string): string {
  return new URL(url, location.href).href
}

/** One argument for a POSIX shell, whatever is in it. */
function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Such as "59 min 3 s". */
function formatTimeLeft(seconds: number): string {
  return t('{minutes} min {seconds} s', {
    minutes: Math.floor(seconds / 60),
    seconds: seconds % 60,
  })
}
