/**
 * Choosing a pick-up location, requesting a unicorn, and telling what becomes of it. The map is one of three ways to
 * choose, and may be missing.
 */

import type { ConfiguredSite } from '../../shared/site-config.ts'
import { AuthError } from '../auth/index.ts'
import { bindSubmitButton } from '../forms/submit-button.ts'
import { done } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import type { WithSession } from '../layout/protected-page.ts'
import { toPressWaitSeconds } from '../lib/backoff.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { announce, announceOverPage, clearAnnouncement } from '../lib/live-region.ts'
import { prefersReducedMotion } from '../lib/reduced-motion.ts'
import type { RideMap } from './map.ts'
import { findNearestPlace, isInCity, type Location, places } from './places.ts'
import { requestRide } from './request-ride.ts'
import { RideError } from './ride-api-client.ts'
import { bindRideCard } from './ride-card.ts'
import { describeRideError } from './ride-errors.ts'
import {
  type AcceptedRide,
  clearAcceptedRide,
  clearPickup,
  clearRideRequested,
  findAcceptedRide,
  findPickup,
  storeAcceptedRide,
  storePickup,
  storeRideRequested,
  takeRideRequested,
} from './ride-storage.ts'
import { describeLocation, describePlace, describeRide } from './ride-texts.ts'

export interface PickupForm {
  /** For a user who may have chosen a location before. */
  show(user: { readonly sub: string }): void
  /** The page can be seen now. */
  open(): void
  /** Removes everything that is the user's, and aborts what is under way. */
  hide(): void
}

export interface PickupFormOptions {
  readonly withSession: WithSession
  readonly invokeUrl: string
  readonly tiles: ConfiguredSite['map']
}

/** milliseconds to wait for the device's location, once the user has allowed it */
const locationTimeLimitMs = 10_000
/** until a unicorn arrives, where the API tells no time: the page promises none then */
const silentEtaSeconds = 10

export function bindPickupForm({ withSession, invokeUrl, tiles }: PickupFormOptions): PickupForm {
  const button = requireElement('#request', HTMLButtonElement)
  const select = requireElement('#place', HTMLSelectElement)
  const placeError = requireElement('#place-error', HTMLElement)
  const pickupText = requireElement('#pickup', HTMLElement)
  const updates = requireElement('#updates', HTMLElement)
  const mapFrame = requireElement('#map-frame', HTMLElement)
  const mapBox = requireElement('#map', HTMLElement)
  const mapNote = requireElement('#map-note', HTMLElement)
  let map: RideMap | undefined
  let isMapRequested = false
  let sub: string | undefined
  let pickup: Location | undefined
  let isBusy = false
  /** milliseconds since the Unix epoch: earlier the API takes no request */
  let retryAtMs = 0
  /** in a row, for too many requests */
  let refusals = 0
  /** until its unicorn has arrived */
  let ride: AcceptedRide | undefined
  /** where a unicorn is seen, for a map that comes late */
  let sighting: { readonly to: Location; readonly share: number } | undefined
  /** counts choices: a location that comes late must not undo a newer one */
  let choices = 0
  /** what became of the device's location; it has nothing to say any more when another place is chosen */
  let locationMessage = ''
  let request = new AbortController()
  // The updates say it to screen readers.
  const submitButton = bindSubmitButton(button, { announcesBusy: false })
  const card = bindRideCard({
    onProgress({ pickup: to }, share) {
      sighting = { to, share }
      map?.showUnicorn(to, share)
    },
    onArrived: endRide,
    onRideAgain() {
      removeUnicorn()
      select.focus()
    },
  })

  for (const selector of ['#map-frame', '#pickup-choice', '#map-in-words']) {
    requireElement(selector, HTMLElement).hidden = false
  }
  button.disabled = false
  // It named the reason why the button was disabled; hidden text is read out too.
  button.removeAttribute('aria-describedby')
  button.addEventListener('click', () => void submit())
  select.append(
    ...places
      .filter(({ kind }) => kind !== 'water')
      .map(({ name }) => new Option(name, name))
      .sort((one, other) => one.text.localeCompare(other.text)),
  )
  select.addEventListener('change', () => {
    const place = places.find(({ name }) => name === select.value)
    if (place) choose(place)
  })
  requireElement('#locate', HTMLButtonElement).addEventListener('click', locate)
  requireElement('#map-words', HTMLElement).append(
    ...places.map((place) => createElement('li', describePlace(place))),
  )
  // A ride that is accepted goes on.
  window.addEventListener('pagehide', abortRequest)

  return {
    show(user) {
      if (!isBusy && takeRideRequested(user.sub)) {
        addProblem(t('You left the page before we got an answer. A unicorn may be on the way.'))
      }
      if (sub === user.sub) return
      sub = user.sub
      showPickup(findPickup(sub))
      const accepted = findAcceptedRide(sub)
      if (accepted) startRide(accepted)
    },
    open() {
      if (!isMapRequested) loadMapWhenVisible()
    },
    hide() {
      sub = undefined
      ride = undefined
      abortRequest()
      card.hide()
      removeUnicorn()
      showPickup(undefined)
      updates.replaceChildren()
    },
  }

  function choose(location: Location): void {
    clearAnnouncement(locationMessage)
    if (sub !== undefined) storePickup(sub, location)
    showPickup(location)
  }

  function showPickup(location: Location | undefined): void {
    choices += 1
    pickup = location
    pickupText.textContent = location
      ? describeLocation(location, findNearestPlace(location))
      : t('not set yet')
    select.value =
      places.find(
        ({ latitude, longitude }) =>
          latitude === location?.latitude && longitude === location.longitude,
      )?.name ?? ''
    placeError.textContent = ''
    placeError.hidden = true
    select.removeAttribute('aria-invalid')
    map?.showPickup(location)
  }

  function locate(): void {
    choices += 1
    const ownChoice = choices
    announceLocation(t('Finding your location…'))
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        if (ownChoice !== choices) return
        if (!tiles && !isInCity({ latitude, longitude })) {
          announceLocation(
            t("You're outside the city. Choose a place on the map or from the list."),
          )
          return
        }
        choose({ latitude, longitude })
        announceLocation(t('Your pick-up point is your location.'))
      },
      () => {
        if (ownChoice !== choices) return
        announceLocation(
          t("We couldn't find your location. Choose a place on the map or from the list."),
        )
      },
      { timeout: locationTimeLimitMs, maximumAge: 60_000 },
    )
  }

  function announceLocation(message: string): void {
    locationMessage = message
    announce(message)
  }

  async function submit(): Promise<void> {
    if (isBusy || Date.now() < retryAtMs) return
    // The map shows why there is no second unicorn.
    if (ride) return scrollToMap()
    const location = pickup
    if (!location) return showPickupMissing()
    clearAnnouncement(locationMessage)
    abortRequest()
    setBusy(true)
    addUpdate(t('Requesting a unicorn…'))
    const { signal } = request
    try {
      await withSession(async (session) => {
        storeRideRequested(session.sub)
        const { unicorn, etaSeconds } = await requestRide(session, {
          invokeUrl,
          pickup: location,
          signal,
        })
        const acceptedAtMs = Date.now()
        const accepted: AcceptedRide = {
          unicorn,
          pickup: location,
          acceptedAtMs,
          arrivesAtMs: acceptedAtMs + (etaSeconds ?? silentEtaSeconds) * 1000,
          hasEta: etaSeconds !== undefined,
        }
        storeAcceptedRide(session.sub, accepted)
        startRide(accepted)
        scrollToMap()
        return done()
      })
    } catch (error) {
      if (signal.aborted) return
      // The user reads a sentence, the operator the reason.
      if (error instanceof RideError) console.warn(error.message)
      const reason = await describeRideError(error)
      if (signal.aborted) return
      addProblem(t('{reason} Your pick-up point is saved.', { reason }))
      const waitSeconds = findWaitSeconds(error)
      if (waitSeconds === undefined) refusals = 0
      else waitFor(waitSeconds)
    } finally {
      if (!signal.aborted) {
        clearRideRequested()
        setBusy(false)
      }
    }
  }

  /** @returns `undefined` where a request can be sent again at once */
  function findWaitSeconds(error: unknown): number | undefined {
    if (error instanceof AuthError && error.reason.code === 'too-many-requests') {
      return error.reason.retryAfterSeconds
    }
    if (!(error instanceof RideError) || error.code !== 'too-many-requests') return undefined
    refusals += 1
    return error.retryAfterSeconds ?? toPressWaitSeconds(refusals, Math.random)
  }

  function waitFor(seconds: number): void {
    retryAtMs = Date.now() + seconds * 1000
    setBusy(false)
    submitButton.disableForSeconds(seconds, () => true)
  }

  function startRide(accepted: AcceptedRide): void {
    removeUnicorn()
    ride = accepted
    const leftMs = accepted.arrivesAtMs - Date.now()
    // One that has come while the page was away is only told of as arrived.
    if (leftMs > 0) addUpdate(describeRide(accepted, leftMs))
    card.show(accepted)
    setBusy(isBusy)
  }

  function endRide({ unicorn, pickup: { latitude, longitude } }: AcceptedRide): void {
    ride = undefined
    clearAcceptedRide()
    setBusy(isBusy)
    addUpdate(t('{name} has arrived. Giddy up!', { name: unicorn.name }))
    // Another place chosen meanwhile is for the next ride.
    if (pickup?.latitude !== latitude || pickup.longitude !== longitude) return
    clearPickup()
    showPickup(undefined)
  }

  function removeUnicorn(): void {
    sighting = undefined
    map?.removeUnicorn()
  }

  /** The map may be above the screen of a phone, and a unicorn comes there. */
  function scrollToMap(): void {
    mapFrame.scrollIntoView({
      block: 'nearest',
      behavior: prefersReducedMotion() ? 'instant' : 'smooth',
    })
  }

  function showPickupMissing(): void {
    placeError.textContent = t('Choose a pick-up point first')
    placeError.hidden = false
    select.setAttribute('aria-invalid', 'true')
    select.focus()
  }

  function abortRequest(): void {
    request.abort()
    request = new AbortController()
    setBusy(false)
  }

  function setBusy(busy: boolean): void {
    isBusy = busy
    submitButton.setBusy(busy)
    button.ariaDisabled = busy || ride || Date.now() < retryAtMs ? 'true' : null
    // Why it can't be pressed.
    if (ride) button.setAttribute('aria-describedby', 'ride-state')
    else button.removeAttribute('aria-describedby')
  }

  /** Said to screen readers; the button and the card show it. */
  function addUpdate(text: string): void {
    for (const problem of updates.children) problem.className = 'visually-hidden'
    updates.append(createElement('li', text, 'visually-hidden'))
  }

  function addProblem(text: string): void {
    updates.append(createElement('li', text, 'is-problem'))
  }

  function loadMapWhenVisible(): void {
    isMapRequested = true
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      void loadMap()
    })
    observer.observe(mapBox)
  }

  async function loadMap(): Promise<void> {
    try {
      const { createRideMap } = await import('./map.ts')
      mapNote.hidden = true
      const opened = createRideMap(mapBox, {
        tiles,
        onPick: choose,
        onTileError: () =>
          announceOverPage(
            t("Parts of the map can't be loaded. You can still choose a place from the list."),
          ),
        readCoveredPx: card.heightPx,
      })
      for (const [selector, zoom] of [
        ['#zoom-in', opened.zoomIn],
        ['#zoom-out', opened.zoomOut],
      ] as const) {
        requireElement(selector, HTMLButtonElement).addEventListener('click', zoom)
      }
      mapFrame.classList.add('is-ready')
      map = opened
      map.showPickup(pickup)
      if (sighting) map.showUnicorn(sighting.to, sighting.share)
    } catch (error) {
      // Whatever it is, a ride can be requested without the map.
      console.error(error)
      mapNote.textContent = t(
        "The map can't be shown. Choose a place from the list, or reload the page.",
      )
      mapNote.hidden = false
    }
  }
}
